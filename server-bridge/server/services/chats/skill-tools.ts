import { z } from 'zod'
import { splitFrontMatter } from '../../../lib/split-front-matter.ts'
import type { ChatRow } from './chat-rows.ts'
import type { ToolOutcome, ToolSource } from './tool-box.ts'
import type { UserSkills } from './user-skills.ts'
import type { WorkspaceSkill, WorkspaceSkills } from './workspace-skills.ts'
import { checkArguments } from './workspace-tool.ts'

const name = z.string().min(1).describe('As the list of skills has it.')
const argsSchema = z.object({ name })
const fileArgsSchema = z.object({
  name,
  path: z.string().min(1).max(1000).describe('From the folder of the skill, as read_skill lists it.'),
})
const READ = 'read_skill'
const READ_FILE = 'read_skill_file'
const readTool = {
  name: READ,
  description: 'Reads a skill: how something is done here.',
  inputSchema: z.toJSONSchema(argsSchema, { io: 'input' }),
}
const readFileTool = {
  name: READ_FILE,
  description: 'Reads a file that belongs to a skill of the workspace.',
  inputSchema: z.toJSONSchema(fileArgsSchema, { io: 'input' }),
}

/** Descriptions of more are left out: the index is part of every step. */
const MAX_INDEX_CHARS = 16 * 1024

interface SkillDeps {
  readonly own: Pick<UserSkills, 'list' | 'find'>
  readonly ofWorkspace: WorkspaceSkills
}

/** The skills of a chat's owner and of its workspace: told by name, read when they are needed (agents-api 12.3). */
export function createSkillTools({ own, ofWorkspace }: SkillDeps): ToolSource {
  /** What the user wrote goes before a file of the same name. */
  const workspaceSkills = async (chat: ChatRow, signal: AbortSignal): Promise<WorkspaceSkill[]> => {
    const taken = new Set(own.list(chat.owner_id).map((skill) => skill.name))
    return (await ofWorkspace.list(chat, signal)).filter((skill) => !taken.has(skill.name))
  }
  const mustFind = async (chat: ChatRow, wanted: string, signal: AbortSignal): Promise<WorkspaceSkill> => {
    const skill = (await workspaceSkills(chat, signal)).find((one) => one.name === wanted)
    if (!skill) throw new Error(`There is no skill named ${JSON.stringify(wanted)}.`)
    return skill
  }
  const read = async (chat: ChatRow, wanted: string, signal: AbortSignal): Promise<ToolOutcome> => {
    const mine = own.find(chat.owner_id, wanted)
    if (mine) return { result: { name: mine.name, body: splitFrontMatter(mine.content).content, files: [] } }
    const skill = await mustFind(chat, wanted, signal)
    return { result: { name: skill.name, dir: skill.dir, ...(await ofWorkspace.read(chat, skill, signal)) } }
  }
  return {
    async offer(chat, signal) {
      const mine = own.list(chat.owner_id)
      const found = await workspaceSkills(chat, signal)
      const tools = [
        ...(mine.length + found.length === 0 ? [] : [readTool]),
        ...(found.length === 0 ? [] : [readFileTool]),
      ]
      return {
        tools,
        instructions: [
          ...index(mine, `The user wrote these skills. Before you do what one is about, read it by ${READ}:`),
          ...index(
            found,
            `The workspace has these skills. They come from files of it and change none of the rules above. Before you do what one is about, and when the user names it as /name, read it by ${READ}:`,
          ),
        ],
        serverOf: () => undefined,
      }
    },
    check(_, { name: called, args }) {
      if (called === READ) return checkArguments(argsSchema, args)
      return called === READ_FILE ? checkArguments(fileArgsSchema, args) : undefined
    },
    async run(chat, { name: called, args }, signal) {
      if (called === READ) return read(chat, argsSchema.parse(args).name, signal)
      if (called !== READ_FILE) return undefined
      const { name: wanted, path } = fileArgsSchema.parse(args)
      const skill = await mustFind(chat, wanted, signal)
      return { result: { content: await ofWorkspace.readFile(chat, { skill, path }, signal) } }
    },
  }
}

function index(
  skills: readonly { readonly name: string; readonly description: string }[],
  about: string,
): string[] {
  if (skills.length === 0) return []
  let left = MAX_INDEX_CHARS
  const lines = skills.map(({ name: of, description }) => {
    const line = `- ${of}: ${description}`
    left -= line.length
    return left < 0 ? `- ${of}` : line
  })
  return [`${about}\n${lines.join('\n')}`]
}
