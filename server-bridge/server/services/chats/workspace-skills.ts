import { agentToolRoutes, skillsFolder } from '../../../contract/agent-tools.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { Logger } from '../../../lib/logger.ts'
import { splitFrontMatter } from '../../../lib/split-front-matter.ts'
import type { CallAgentTool } from '../../agents/agent-tool-calls.ts'
import type { ChatRow } from './chat-rows.ts'
import { cleanPrompt } from './clean-prompt.ts'
import { readSkillHead } from './skill-head.ts'
import { createWorkspaceReads } from './workspace-reads.ts'

export interface WorkspaceSkill {
  readonly name: string
  readonly description: string
  /** From the folder that it was found in. */
  readonly dir: string
  readonly size: number
}

/** Skills that lie in the workspace of a chat. They are files of it: no text of theirs is trusted. */
export interface WorkspaceSkills {
  /** By name; none where the workspace cannot say. */
  list(chat: ChatRow, signal: AbortSignal): Promise<readonly WorkspaceSkill[]>
  /** The same for who does not wait for a workspace: those that were known last. */
  known(chat: ChatRow): Promise<readonly WorkspaceSkill[]>
  /** @throws what the model is told. */
  read(
    chat: ChatRow,
    skill: WorkspaceSkill,
    signal: AbortSignal,
  ): Promise<{ readonly body: string; readonly files: readonly string[] }>
  /** A file of a skill, by its path from there, without what nobody sees. @throws what the model is told. */
  readFile(
    chat: ChatRow,
    asked: { readonly skill: WorkspaceSkill; readonly path: string },
    signal: AbortSignal,
  ): Promise<string>
}

export interface WorkspaceSkillsDeps {
  readonly call: CallAgentTool
  /** The agent of the chat's workspace, if it is there right now: nobody waits for one here. */
  readonly agentOf: (chat: ChatRow) => string | undefined
  readonly clock: Clock
  readonly logger: Logger
}

const MAX_DESCRIPTION_CHARS = 1024
/** A name that a person can type, and that cannot be taken for anything else. */
const NAME = /^[A-Za-z0-9][\w.-]{0,63}$/

export function createWorkspaceSkills({
  call,
  agentOf,
  clock,
  logger,
}: WorkspaceSkillsDeps): WorkspaceSkills {
  const lists = createWorkspaceReads<readonly WorkspaceSkill[]>({
    ...{ clock, logger, what: 'Skills', nothing: [] },
    async ask(agentId, signal) {
      const { skills } = await call(agentId, { route: agentToolRoutes.listSkills, body: {}, signal })
      return onePerName(skills.flatMap(toSkill))
    },
  })
  const read = (
    chat: ChatRow,
    body: { readonly dir: string; readonly path: string },
    signal: AbortSignal,
  ) => {
    const agentId = agentOf(chat)
    if (agentId === undefined) throw new Error('The workspace of the skill cannot be reached.')
    return call(agentId, { route: agentToolRoutes.readSkill, body, signal })
  }
  return {
    async list(chat, signal) {
      const agentId = agentOf(chat)
      return agentId === undefined ? [] : lists.read(agentId, signal)
    },
    async known(chat) {
      const agentId = agentOf(chat)
      return agentId === undefined ? [] : lists.known(agentId)
    },
    async read(chat, { dir }, signal) {
      const { content, files } = await read(chat, { dir, path: '' }, signal)
      return { body: cleanPrompt(splitFrontMatter(content).content), files }
    },
    async readFile(chat, { skill, path }, signal) {
      return cleanPrompt((await read(chat, { dir: skill.dir, path }, signal)).content)
    },
  }
}

function toSkill(found: {
  readonly dir: string
  readonly head: string
  readonly size: number
}): WorkspaceSkill[] {
  const { name, description } = readSkillHead(found.head)
  if (!NAME.test(name) || description === '') return []
  const shown = description.replaceAll(/\s+/g, ' ').slice(0, MAX_DESCRIPTION_CHARS)
  return [{ name, description: shown, dir: found.dir, size: found.size }]
}

function onePerName(skills: readonly WorkspaceSkill[]): WorkspaceSkill[] {
  const byName = new Map<string, WorkspaceSkill>()
  for (const skill of skills) if (!byName.has(skill.name)) byName.set(skill.name, skill)
  return [...byName.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

/** Where a skill lies, as people read it. */
export const sourceOf = ({ dir }: WorkspaceSkill): string => `${skillsFolder}/${dir}/SKILL.md`
