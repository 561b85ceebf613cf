import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { agentManifest } from '../../testing/agent-manifest.ts'
import { listSkills, readSkill } from './workspace-skills.ts'

let folder: string
const surroundings = () => ({
  homeDir: folder,
  manifest: { ...agentManifest(), directory: '~/project' },
  environment: process.env,
})
function put(place: string, dir: string, text: string): void {
  const at = join(folder, place, '.agents/skills', dir)
  mkdirSync(at, { recursive: true })
  writeFileSync(join(at, 'SKILL.md'), text)
}
const skill = (description: string) =>
  `---\nname: ship\ndescription: ${description}\n---\nOf ${description}.\n`

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-skills-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('the skill that is read is the one that is listed, where another file of its name is none', async () => {
  put('project', 'ship', 'no front matter')
  put('.', 'ship', skill('home'))
  expect((await listSkills(surroundings())).map(({ head }) => head)).toEqual([
    expect.stringContaining('description: home') as string,
  ])
  expect((await readSkill(surroundings(), { dir: 'ship', path: '' })).content).toBe(skill('home'))
  put('project', 'ship', skill('project'))
  expect((await readSkill(surroundings(), { dir: 'ship', path: '' })).content).toBe(skill('project'))
})

it('what is not listed is not read either', async () => {
  put('project', 'bare', 'no front matter')
  await expect(readSkill(surroundings(), { dir: 'bare', path: 'SKILL.md' })).rejects.toMatchObject({
    status: 400,
    message: 'There is no skill in .agents/skills/bare.',
  })
})
