export { AgentRules } from './agent-rules.tsx'
