import { z } from 'zod'
import { splitFrontMatter } from '../../../provisioner/front-matter.ts'
import type { ToolSource } from './tool-box.ts'
import type { UserSkills } from './user-skills.ts'
import { checkArguments } from './workspace-tool.ts'

const argsSchema = z.object({ name: z.string().min(1).describe('As the list of skills has it.') })
const NAME = 'read_skill'
const tool = {
  name: NAME,
  description: 'Reads a skill that the user wrote: how they want something done.',
  inputSchema: z.toJSONSchema(argsSchema, { io: 'input' }),
}

/** The skills of a chat's owner: told by name, read when they are needed (agents-api 12.3). */
export function createSkillTools(skills: Pick<UserSkills, 'list' | 'find'>): ToolSource {
  return {
    async offer(chat) {
      const known = skills.list(chat.owner_id)
      const index = known.map(({ name, description }) => `- ${name}: ${description}`).join('\n')
      return {
        tools: known.length === 0 ? [] : [tool],
        instructions:
          known.length === 0
            ? []
            : [`The user wrote these skills. Before you do what one is about, read it by ${NAME}:\n${index}`],
        serverOf: () => undefined,
      }
    },
    check: (_, { name, args }) => (name === NAME ? checkArguments(argsSchema, args) : undefined),
    async run(chat, { name: called, args }) {
      if (called !== NAME) return undefined
      const { name } = argsSchema.parse(args)
      const skill = skills.find(chat.owner_id, name)
      if (!skill) throw new Error(`There is no skill named ${JSON.stringify(name)}.`)
      return { result: { name: skill.name, body: splitFrontMatter(skill.content).content, files: [] } }
    },
  }
}
