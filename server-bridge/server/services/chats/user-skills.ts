import { randomUUID } from 'node:crypto'
import type { Selectable } from 'kysely'
import { maxSkillBytes, maxSkillsPerUser, type UserSkill } from '../../../contract/user-skills.ts'
import type { Clock } from '../../../lib/clock.ts'
import { splitFrontMatter } from '../../../lib/split-front-matter.ts'
import { badRequest, nameTaken, notFound } from '../../api-error.ts'
import { type Database, isUniqueViolation } from '../../db/database.ts'
import { keptQuery } from '../../db/kept-query.ts'
import type { UserSkillsTable } from '../../db/tables/user-skills.ts'
import { toWireTime } from '../wire-time.ts'
import { readSkillHead } from './skill-head.ts'

/** Skills that people wrote for the agents of their own chats. */
export interface UserSkills {
  list(userId: string): UserSkill[]
  find(userId: string, name: string): UserSkill | undefined
  /** @throws {ApiError} 400, 409 */
  create(userId: string, content: string): UserSkill
  /** A new name in its front matter renames it. @throws {ApiError} 400, 404, 409 */
  update(userId: string, name: string, content: string): UserSkill
  /** @throws {ApiError} 404 */
  remove(userId: string, name: string): UserSkill
}

const MAX_NAME_CHARS = 256
const MAX_DESCRIPTION_CHARS = 4096

export function createUserSkills(db: Database, clock: Clock): UserSkills {
  const ofUser = keptQuery((userId: string) =>
    db.sql.selectFrom('user_skills').selectAll().where('user_id', '=', userId).orderBy('name'),
  )
  const rows = (userId: string) => db.allKept(ofUser(userId))
  const find: UserSkills['find'] = (userId, name) => {
    const row = db.first(
      db.sql.selectFrom('user_skills').selectAll().where('user_id', '=', userId).where('name', '=', name),
    )
    return row && toSkill(row)
  }
  const must = (userId: string, name: string): UserSkill => {
    const skill = find(userId, name)
    if (!skill) throw notFound()
    return skill
  }
  const write = (name: string, work: () => void): void => {
    try {
      work()
    } catch (error) {
      if (!isUniqueViolation(error)) throw error
      throw nameTaken(`A skill named ${JSON.stringify(name)} exists already.`)
    }
  }
  return {
    find,
    list: (userId) => rows(userId).map(toSkill),
    create: (userId, content) =>
      db.transaction(() => {
        const head = readHead(content)
        if (rows(userId).length >= maxSkillsPerUser)
          throw badRequest(`A user has at most ${maxSkillsPerUser} skills.`)
        const now = clock.now()
        const row = { id: randomUUID(), user_id: userId, ...head, content, created_at: now, updated_at: now }
        write(head.name, () => db.run(db.sql.insertInto('user_skills').values(row)))
        return toSkill(row)
      }),
    update: (userId, name, content) =>
      db.transaction(() => {
        const { id } = must(userId, name)
        const head = readHead(content)
        write(head.name, () =>
          db.run(
            db.sql
              .updateTable('user_skills')
              .set({ ...head, content, updated_at: clock.now() })
              .where('id', '=', id),
          ),
        )
        return must(userId, head.name)
      }),
    remove(userId, name) {
      const skill = must(userId, name)
      db.run(db.sql.deleteFrom('user_skills').where('id', '=', skill.id))
      return skill
    },
  }
}

const toSkill = ({ user_id: _, created_at, updated_at, ...row }: Selectable<UserSkillsTable>): UserSkill => ({
  ...row,
  created_at: toWireTime(created_at),
  updated_at: toWireTime(updated_at),
})

/** What a skill says of itself. @throws {ApiError} 400 */
function readHead(content: string): { readonly name: string; readonly description: string } {
  if (Buffer.byteLength(content) > maxSkillBytes) throw badRequest('A skill may have at most 64 KiB.')
  const { block } = splitFrontMatter(content)
  const { name, description } = readSkillHead(block)
  if (name === '' || name.length > MAX_NAME_CHARS || /[/\\\s]/.test(name) || /^\.+$/.test(name))
    throw badRequest(`The front matter needs a name of up to ${MAX_NAME_CHARS} characters, without spaces.`)
  if (description === '' || description.length > MAX_DESCRIPTION_CHARS)
    throw badRequest(`The front matter needs a description of up to ${MAX_DESCRIPTION_CHARS} characters.`)
  return { name, description }
}
