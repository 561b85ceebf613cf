export { GatewayCard } from './gateway-card.tsx'
