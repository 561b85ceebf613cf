import { expect, it } from 'vitest'
import type { UserSkill } from '../../../contract/user-skills.ts'
import type { ChatRow } from './chat-rows.ts'
import { emptyChat } from './empty-chat.ts'
import { createSkillTools } from './skill-tools.ts'
import type { WorkspaceSkill, WorkspaceSkills } from './workspace-skills.ts'

const chat: ChatRow = {
  ...emptyChat(1),
  ...{ organization_id: 'o', owner_id: 'u', last_model_config_id: 'm', title: 'skills' },
}
interface Told {
  readonly name: string
  readonly description: string
}

/** What a step is told of these skills. */
async function instructionsFor(own: readonly Told[], found: readonly Told[]): Promise<readonly string[]> {
  const nothing = (): never => {
    throw new Error('not read here')
  }
  const ofWorkspace: Omit<WorkspaceSkills, 'known'> = {
    list: async () => found.map((skill): WorkspaceSkill => ({ ...skill, dir: skill.name, size: 1 })),
    read: nothing,
    readFile: nothing,
  }
  const list = (): UserSkill[] =>
    own.map((skill) => ({ ...skill, id: skill.name, content: '', created_at: '', updated_at: '' }))
  const tools = createSkillTools({ own: { list, find: nothing }, ofWorkspace })
  return (await tools.offer(chat, new AbortController().signal)).instructions
}
const skills = (count: number, { name, description }: Told): Told[] =>
  Array.from({ length: count }, (_, index) => ({ name: `${name}${index}`, description }))
const bytesOf = (texts: readonly string[]): number =>
  texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
const LIMIT = 16 * 1024

it('skills that fit are told whole, those of the user first', async () => {
  const [mine, found] = await instructionsFor(
    skills(2, { name: 'mine', description: 'Of the user' }),
    skills(1, { name: 'found', description: 'Of the workspace' }),
  )
  expect(mine).toMatch(/:\n- mine0: Of the user\n- mine1: Of the user$/)
  expect(found).toMatch(/:\n- found0: Of the workspace$/)
})

it('both lists share one measure, in which names come before descriptions', async () => {
  const own = skills(20, { name: 'mine', description: 'é'.repeat(1000) })
  const found = skills(20, { name: 'found', description: 'x'.repeat(1000) })
  const told = await instructionsFor(own, found)
  expect(bytesOf(told)).toBeLessThanOrEqual(LIMIT)
  const lines = told.join('\n').split('\n')
  for (const { name } of [...own, ...found])
    expect(lines.filter((line) => line === `- ${name}` || line.startsWith(`- ${name}: `))).toHaveLength(1)
  // Whoever wrote them for all of their chats comes first.
  expect(lines).toContain(`- mine0: ${'é'.repeat(1000)}`)
  expect(lines).toContain('- found19')
})

it('names beyond it are counted, however long they are', async () => {
  const own = skills(100, { name: 'm'.repeat(250), description: 'Of the user' })
  const found = skills(100, { name: 'found', description: 'Of the workspace' })
  const told = await instructionsFor(own, found)
  expect(bytesOf(told)).toBeLessThanOrEqual(LIMIT)
  for (const [list, text] of [
    [own, told[0]],
    [found, told[1]],
  ] as const) {
    const shown = list.filter(({ name }) => new RegExp(`^- ${name}(:|$)`, 'm').test(text ?? '')).length
    expect(shown).toBeLessThan(list.length)
    expect(text?.split('\n').at(-1)).toBe(`and ${list.length - shown} more`)
  }
})
