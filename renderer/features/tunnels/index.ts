export { useTunnels } from './use-tunnels.ts'
