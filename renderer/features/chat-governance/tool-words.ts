/** A row in the table of rules. */
export interface RuleRow {
  /** As rules name it. */
  readonly tool: string
  readonly label: string
}
export interface RuleGroup {
  readonly title: string
  readonly rows: readonly RuleRow[]
}

/** The tools of agents in words (agents-api 11). What changes something comes first: that is what one decides about. */
const groups: readonly (readonly [title: string, tools: Readonly<Record<string, string>>])[] = [
  [
    'Files and commands',
    {
      execute: 'Run commands',
      process_signal: 'End processes',
      write_file: 'Write files',
      edit_files: 'Edit files',
      computer: 'Use the desktop',
    },
  ],
  [
    'Workspaces',
    {
      create_workspace: 'Create a workspace',
      start_workspace: 'Start a workspace',
      stop_workspace: 'Stop a workspace',
    },
  ],
  [
    'Reading',
    {
      read_file: 'Read files',
      list_directory: 'List folders',
      search_files: 'Search in files',
      git_status: 'Look at what git says of the files',
      git_diff: 'Look at changes with git',
      git_log: 'Read the history with git',
      process_output: 'Read what a command says',
      process_list: 'List processes',
      attach_file: 'Attach a file to the chat',
      read_skill: 'Read a skill',
      read_skill_file: 'Read a file of a skill',
      list_templates: 'List templates',
      read_template: 'Read a template',
    },
  ],
  [
    'Planning and sub-agents',
    {
      propose_plan: 'Propose a plan',
      ask_user_question: 'Ask you a question',
      advisor: 'Ask the advisor',
      spawn_agent: 'Start a sub-agent',
      wait_agent: 'Wait for a sub-agent',
      message_agent: 'Write to a sub-agent',
      interrupt_agent: 'Interrupt a sub-agent',
      list_agents: 'List sub-agents',
    },
  ],
]

const labels: ReadonlyMap<string, string> = new Map(groups.flatMap(([, tools]) => Object.entries(tools)))

export interface NamedServer {
  readonly slug: string
  readonly name: string
}

/** How a rule's tool is called: by our words, by its MCP server, else as the rule says. */
export function toolLabel(tool: string, servers: readonly NamedServer[]): string {
  if (tool === '*') return 'Every other tool'
  const server = servers.find(({ slug }) => tool.startsWith(`${slug}__`))
  if (server === undefined) return labels.get(tool) ?? tool
  const rest = tool.slice(server.slug.length + 2)
  return rest === '*' ? `All tools of ${server.name}` : `${server.name}: ${rest}`
}

/**
 * The rows of the table: the tools the deployment tells of, its MCP servers, whatever else a rule names, and the rest.
 */
export function ruleGroups(named: readonly string[], servers: readonly NamedServer[]): readonly RuleGroup[] {
  const all = new Set(named)
  const known = groups.map(([title, tools]) => ({
    title,
    rows: Object.entries(tools).flatMap(([tool, label]) => (all.has(tool) ? [{ tool, label }] : [])),
  }))
  const ofServers = servers.map(({ slug }) => `${slug}__*`)
  const others = [...all].filter((tool) => tool !== '*' && !labels.has(tool) && !ofServers.includes(tool))
  const row = (tool: string): RuleRow => ({ tool, label: toolLabel(tool, servers) })
  return [
    ...known,
    { title: 'MCP servers', rows: [...ofServers, ...others.filter((tool) => tool.includes('__'))].map(row) },
    { title: 'Others', rows: [...others.filter((tool) => !tool.includes('__')), '*'].map(row) },
  ].filter(({ rows }) => rows.length > 0)
}
