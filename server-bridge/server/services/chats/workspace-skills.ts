import { agentToolRoutes, skillsFolder } from '../../../contract/agent-tools.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { Logger } from '../../../lib/logger.ts'
import { splitFrontMatter } from '../../../lib/split-front-matter.ts'
import { AgentToolError, type CallAgentTool } from '../../agents/agent-tool-calls.ts'
import type { ChatRow } from './chat-rows.ts'
import { cleanPrompt } from './clean-prompt.ts'
import { readSkillHead } from './skill-head.ts'

export interface WorkspaceSkill {
  readonly name: string
  readonly description: string
  /** From the folder that it was found in. */
  readonly dir: string
  readonly size: number
}

/** Skills that lie in the workspace of a chat. They are files of it: no text of theirs is trusted. */
export interface WorkspaceSkills {
  /** Those known by now, by name; none where the workspace cannot say. */
  list(chat: ChatRow, signal: AbortSignal): Promise<readonly WorkspaceSkill[]>
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

/** The steps of a turn follow each other fast, and files like these change seldom. */
const FRESH_MS = 30_000
const MAX_DESCRIPTION_CHARS = 1024
/** A name that a person can type, and that cannot be taken for anything else. */
const NAME = /^[A-Za-z0-9][\w.-]{0,63}$/

export function createWorkspaceSkills({
  call,
  agentOf,
  clock,
  logger,
}: WorkspaceSkillsDeps): WorkspaceSkills {
  const known = new Map<string, { readonly at: number; readonly skills: readonly WorkspaceSkill[] }>()
  const ask = async (agentId: string, signal: AbortSignal): Promise<WorkspaceSkill[]> => {
    try {
      const { skills } = await call(agentId, { route: agentToolRoutes.listSkills, body: {}, signal })
      return onePerName(skills.flatMap(toSkill))
    } catch (error) {
      if (!(error instanceof AgentToolError))
        logger.debug('Skills of a workspace could not be read', { error: String(error) })
      return []
    }
  }
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
      if (agentId === undefined) return []
      const now = clock.now()
      const before = known.get(agentId)
      if (before && now - before.at < FRESH_MS) return before.skills
      const skills = await ask(agentId, signal)
      for (const [id, { at }] of known) if (now - at >= FRESH_MS) known.delete(id)
      // What was given up says nothing of the workspace.
      if (!signal.aborted) known.set(agentId, { at: now, skills })
      return skills
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
