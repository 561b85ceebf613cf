/** Explorers look only (agents-api 11). */
export type SubAgentType = 'general' | 'explore'
