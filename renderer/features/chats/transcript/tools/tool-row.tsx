import type { ReactNode } from 'react'
import type { ToolCall } from '../transcript-rows.ts'
import { AgentList, AgentModels, SubAgent } from './agent-tools.tsx'
import { ApprovalCard } from './approval-card.tsx'
import { AttachFile, EditFiles, WriteFile } from './file-tools.tsx'
import { GitLog } from './git-log.tsx'
import { GitDiff, GitStatus } from './git-tools.tsx'
import { DeniedCall } from './denied-call.tsx'
import { WaitForSignIn } from './external-auth.tsx'
import { GenericTool } from './generic-tool.tsx'
import { Computer } from './computer-tool.tsx'
import { Advisor, Compaction, FindTools, ReadSkill, WebSearch } from './knowledge-tools.tsx'
import { ProposePlan } from './plan-tool.tsx'
import { AskUserQuestion } from './question-tool.tsx'
import { ReadFiles } from './read-files.tsx'
import { ListDirectory, SearchFiles } from './search-tools.tsx'
import type { ToolProps } from './tool-kind.ts'
import { Execute, ProcessList, ProcessOutput, ProcessSignal } from './terminal-tools.tsx'
import { ReadTemplate, TemplateList, WorkspaceChange } from './workspace-tools.tsx'

type DrawTool = (props: ToolProps) => ReactNode

const tools: ReadonlyMap<string, DrawTool> = new Map<string, DrawTool>([
  ['read_file', ({ call }) => <ReadFiles calls={[call]} />],
  ['write_file', (props) => <WriteFile {...props} />],
  ['edit_files', (props) => <EditFiles {...props} />],
  ['attach_file', (props) => <AttachFile {...props} />],
  ['list_directory', (props) => <ListDirectory {...props} />],
  ['search_files', (props) => <SearchFiles {...props} />],
  ['git_status', (props) => <GitStatus {...props} />],
  ['git_diff', (props) => <GitDiff {...props} />],
  ['git_log', (props) => <GitLog {...props} />],
  ['execute', (props) => <Execute {...props} />],
  ['process_output', (props) => <ProcessOutput {...props} />],
  ['process_signal', (props) => <ProcessSignal {...props} />],
  ['process_list', (props) => <ProcessList {...props} />],
  ['wait_for_external_auth', (props) => <WaitForSignIn {...props} />],
  ['list_templates', (props) => <TemplateList {...props} />],
  ['read_template', (props) => <ReadTemplate {...props} />],
  ['create_workspace', (props) => <WorkspaceChange {...props} />],
  ['start_workspace', (props) => <WorkspaceChange {...props} />],
  ['stop_workspace', (props) => <WorkspaceChange {...props} />],
  ['propose_plan', (props) => <ProposePlan {...props} />],
  ['ask_user_question', (props) => <AskUserQuestion {...props} />],
  ['spawn_agent', (props) => <SubAgent {...props} />],
  ['wait_agent', (props) => <SubAgent {...props} />],
  ['message_agent', (props) => <SubAgent {...props} />],
  ['interrupt_agent', (props) => <SubAgent {...props} />],
  ['close_agent', (props) => <SubAgent {...props} />],
  ['list_agents', (props) => <AgentList {...props} />],
  ['list_subagent_models', (props) => <AgentModels {...props} />],
  ['read_skill', (props) => <ReadSkill {...props} />],
  ['read_skill_file', (props) => <ReadSkill {...props} />],
  ['advisor', (props) => <Advisor {...props} />],
  ['computer', (props) => <Computer {...props} />],
  ['chat_summarized', (props) => <Compaction {...props} />],
  ['web_search', (props) => <WebSearch {...props} />],
  ['find_tools', (props) => <FindTools {...props} />],
])

/** The tools that have a card of their own. */
export const drawnTools: ReadonlySet<string> = new Set(tools.keys())

/** A call as the card of its tool. */
export function ToolRow({ call }: { readonly call: ToolCall }) {
  if (call.approval) return <ApprovalCard asked={call.approval} />
  if (call.state === 'denied') return <DeniedCall call={call} />
  const draw = tools.get(call.name)
  return draw ? draw({ call }) : <GenericTool call={call} />
}
