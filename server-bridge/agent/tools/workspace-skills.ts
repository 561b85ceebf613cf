import type { Dirent } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import type { z } from 'zod'
import {
  type listSkillsAnswerSchema,
  maxSkillHeadChars,
  maxSkillsOfWorkspace,
  type readSkillAnswerSchema,
  type readSkillRequestSchema,
  skillsFolder,
} from '../../contract/agent-tools.ts'
import { splitFrontMatter } from '../../lib/split-front-matter.ts'
import { RouteError } from '../route-error.ts'
import { expandDirectory, type WorkspaceSurroundings } from '../shell-command.ts'
import { explained, readText } from './tool-files.ts'
import { isInside, resolveToolPath } from './tool-path.ts'

type Skill = z.output<typeof listSkillsAnswerSchema>['skills'][number]

const SKILL_FILE = 'SKILL.md'
const MAX_SKILL_BYTES = 64 * 1024
/** Folders that are looked into, whatever is in them. */
const MAX_FOLDERS = 500
const MAX_FILES = 200
const MAX_DEPTH = 4

/** What can be learned in the folder of the shells and in the workspace's, the first of a name. What cannot be read is no skill. */
export async function listSkills(surroundings: WorkspaceSurroundings): Promise<Skill[]> {
  const skills = new Map<string, Skill>()
  for (const base of await skillFolders(surroundings))
    for (const dir of await subfolders(base)) {
      if (skills.size >= maxSkillsOfWorkspace) break
      if (skills.has(dir)) continue
      const skill = await orNothing(() => skillAt(base, dir))
      if (skill) skills.set(dir, skill)
    }
  return [...skills.values()]
}

/** A text file of a skill. @throws {RouteError} 400, also for one that a link leads to elsewhere. */
export async function readSkill(
  surroundings: WorkspaceSurroundings,
  { dir, path }: z.output<typeof readSkillRequestSchema>,
): Promise<z.output<typeof readSkillAnswerSchema>> {
  const base = await baseOf(surroundings, dir)
  if (base === undefined) throw new RouteError(400, `There is no skill in ${skillsFolder}/${dir}.`)
  const wanted = path === '' ? SKILL_FILE : path
  return {
    content: await readInside(join(base, dir), wanted),
    files: path === '' ? await filesOf(join(base, dir)) : [],
  }
}

/** Links that lead out of the workspace are none. */
async function skillFolders(surroundings: WorkspaceSurroundings): Promise<string[]> {
  const roots = [expandDirectory(surroundings), surroundings.homeDir]
  const found: string[] = []
  for (const root of roots) {
    const folder = await orNothing(() => resolveToolPath(surroundings, join(root, skillsFolder)))
    if (folder !== undefined && !found.includes(folder)) found.push(folder)
  }
  return found
}

/** Where a skill lies, by the rule of the list: what is read has to be what was described. */
async function baseOf(surroundings: WorkspaceSurroundings, dir: string): Promise<string | undefined> {
  for (const base of await skillFolders(surroundings))
    if (await orNothing(() => skillAt(base, dir))) return base
  return undefined
}

async function subfolders(base: string): Promise<string[]> {
  const entries = (await orNothing(() => readdir(base, { withFileTypes: true }))) ?? []
  return entries
    .filter((entry: Dirent) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted()
    .slice(0, MAX_FOLDERS)
}

async function skillAt(base: string, dir: string): Promise<Skill | undefined> {
  const text = await readInside(join(base, dir), SKILL_FILE)
  const { block } = splitFrontMatter(text)
  if (block === '' || block.length > maxSkillHeadChars) return undefined
  return { dir, head: block, size: Buffer.byteLength(text) }
}

/** Its text, where it really lies in the folder: neither the way there nor its last step leads out of it by a link. */
async function readInside(folder: string, path: string): Promise<string> {
  return explained(path, async () => {
    const root = await realpath(folder)
    const target = await realpath(join(root, path))
    if (root !== folder || !isInside(root, target) || target === root)
      throw new RouteError(400, `${path} is outside of the skill.`)
    const { size } = await stat(target)
    if (size > MAX_SKILL_BYTES)
      throw new RouteError(400, `${path} has ${size} bytes: a file of a skill may have ${MAX_SKILL_BYTES}.`)
    return readText(target, path)
  })
}

/** Names of its other files, from the skill's folder; links are none. */
async function filesOf(folder: string): Promise<string[]> {
  const found: string[] = []
  let level = [folder]
  for (let depth = 0; depth < MAX_DEPTH && level.length > 0; depth += 1) {
    const next: string[] = []
    for (const at of level)
      for (const entry of (await orNothing(() => readdir(at, { withFileTypes: true }))) ?? []) {
        if (entry.isDirectory() && next.length < MAX_FILES) next.push(join(at, entry.name))
        if (entry.isFile() && found.length < MAX_FILES) found.push(join(at, entry.name))
      }
    level = next
  }
  return found
    .map((path) => relative(folder, path).split(sep).join('/'))
    .filter((path) => path !== SKILL_FILE)
    .toSorted()
}

/** What is not there, or not for reading, is no skill: a workspace is full of folders that others made. */
async function orNothing<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof RouteError || (error instanceof Error && 'code' in error)) return undefined
    throw error
  }
}
