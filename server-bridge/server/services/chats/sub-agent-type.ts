/** Explorers look only; those who use the computer act on its desktop, too (agents-api 11). */
export type SubAgentType = 'general' | 'explore' | 'computer_use'
