/** What a template says of an agent beyond its scripts: the file that greets in shells, and what its token may ask for. */
export const agentOptions = `
ALTER TABLE workspace_agents ADD COLUMN motd_file TEXT NOT NULL DEFAULT '';
ALTER TABLE workspace_agents ADD COLUMN api_key_scope TEXT NOT NULL DEFAULT 'all';
`
