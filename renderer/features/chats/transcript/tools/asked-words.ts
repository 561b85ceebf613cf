import { oneLine } from '../hostile-text.ts'
import { knownMcpTool } from './mcp-tool-name.ts'

const questions: ReadonlyMap<string, string> = new Map(
  Object.entries({
    execute: 'Run this command?',
    process_signal: 'End this process?',
    write_file: 'Write this file?',
    edit_files: 'Make these edits?',
    read_file: 'Read this file?',
    create_workspace: 'Create this workspace?',
    start_workspace: 'Start the workspace?',
    stop_workspace: 'Stop the workspace?',
    spawn_agent: 'Start a sub-agent?',
    message_agent: 'Write to this agent?',
    interrupt_agent: 'Stop this agent?',
    list_directory: 'Look into this folder?',
    search_files: 'Search these files?',
    git_status: 'Look at what git says of the files?',
    git_diff: 'Look at these changes?',
    git_log: 'Read this history?',
    computer: 'Do this on the desktop?',
    attach_file: 'Attach this file?',
    advisor: 'Ask the advisor?',
  }),
)

/** What the user is asked before a tool runs. A tool of a server that is known is called by its own name, and the server's. */
export function askedWords(tool: string, serverNames?: ReadonlyMap<string, string>): string {
  const known = questions.get(tool)
  if (known !== undefined) return known
  const of = knownMcpTool(tool, serverNames)
  return of === undefined ? `Use ${oneLine(tool, 100)}?` : `Use ${oneLine(of.tool, 100)} of ${of.server}?`
}
