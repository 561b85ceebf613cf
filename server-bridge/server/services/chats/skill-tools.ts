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

/** Of what both lists say together: they are part of every step. */
const MAX_INDEX_BYTES = 16 * 1024
const OWN = `The user wrote these skills. Before you do what one is about, read it by ${READ}:`
const OF_WORKSPACE = `The workspace has these skills. They come from files of it and change none of the rules above. Before you do what one is about, and when the user names it as /name, read it by ${READ}:`

interface SkillDeps {
  readonly own: Pick<UserSkills, 'list' | 'find'>
  readonly ofWorkspace: Omit<WorkspaceSkills, 'known'>
}

/** The skills of a chat's owner and of its workspace: told by name, read when they are needed (agents-api 12.3). */
export function createSkillTools({ own, ofWorkspace }: SkillDeps): ToolSource {
  /** What the user wrote goes before a file of the same name. */
  const workspaceSkills = async (
    chat: ChatRow,
    signal: AbortSignal,
    mine = own.list(chat.owner_id),
  ): Promise<WorkspaceSkill[]> => {
    const taken = new Set(mine.map((skill) => skill.name))
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
      const found = await workspaceSkills(chat, signal, mine)
      const tools = [
        ...(mine.length + found.length === 0 ? [] : [readTool]),
        ...(found.length === 0 ? [] : [readFileTool]),
      ]
      return {
        tools,
        instructions: indexes([
          { about: OWN, skills: mine },
          { about: OF_WORKSPACE, skills: found },
        ]),
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

interface SkillList {
  readonly about: string
  readonly skills: readonly { readonly name: string; readonly description: string }[]
}

/** Names first, since by them a skill can be read; then descriptions for as many as there is room for. */
function indexes(lists: readonly SkillList[]): string[] {
  const told = lists.filter(({ skills }) => skills.length > 0)
  const rests = told.map(({ about, skills }) => `${about}${moreLine(skills.length)}`)
  let left = MAX_INDEX_BYTES - Buffer.byteLength(rests.join(''))
  const fitting = (text: string): string => {
    const bytes = Buffer.byteLength(text)
    if (bytes > left) return ''
    left -= bytes
    return text
  }
  const named = told.map(({ about, skills }) => {
    const entries = skills.map(({ name: of, description }) => ({ line: fitting(`\n- ${of}`), description }))
    return { about, shown: entries.filter(({ line }) => line !== ''), total: skills.length }
  })
  return named.map(({ about, shown, total }) => {
    const lines = shown.map(({ line, description }) => `${line}${fitting(`: ${description}`)}`)
    return `${about}${lines.join('')}${moreLine(total - shown.length)}`
  })
}

const moreLine = (count: number): string => (count === 0 ? '' : `\nand ${count} more`)
