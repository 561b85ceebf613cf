/** All that is known about a chat that does not come to rest, from outside of the server that drives it. */
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import LibsqlDatabase from 'libsql'
import type { ModelRequest, ScriptedModel } from '../scripted-model.ts'
import { askedFor, wordsOf } from './chat-script.ts'

export interface StuckChatPlace {
  readonly dataDir: string
  /** Of the server, with what it says to those who debug it. */
  readonly logFile: string
  readonly model: Pick<ScriptedModel, 'requests' | 'underWay'>
}

const LAST_MESSAGES = 6
const LAST_REQUESTS = 5
const LAST_LINES = 40
const MAX_CONTENT_CHARS = 400
/** One line for each request, and whoever waits asks all the time; and one for each socket that a fault cut. */
const NOISE = ['"msg":"Request"', '"msg":"An upgrade broke off"']

/** What the database has, what the server said it began and ended, and what the model was asked and has not answered. */
export function describeStuckChat(
  { dataDir, logFile, model }: StuckChatPlace,
  { id, number }: { readonly id: string; readonly number: number },
): string {
  const ofChat = (request: ModelRequest): boolean => askedFor(request).prompt.chat === number
  const asked = model.requests.filter(ofChat)
  const open = new Set(model.underWay())
  return [
    `Chat ${number} (${id}) at ${new Date().toISOString()}:`,
    ...readRows(join(dataDir, 'outpost.db'), id),
    `The model was asked ${asked.length} times:`,
    ...asked.slice(-LAST_REQUESTS).map((request) => {
      const { prompt, step } = askedFor(request)
      return `  ${wordsOf(prompt)}, step ${step}: ${open.has(request) ? 'not answered' : 'over'}`
    }),
    'The server said last:',
    ...readLog(logFile, id),
  ].join('\n')
}

/** Of a copy: whoever has the database itself open keeps a server from starting on it. */
function readRows(file: string, id: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'outpost-stuck-'))
  try {
    for (const suffix of ['', '-wal'])
      if (existsSync(`${file}${suffix}`)) copyFileSync(`${file}${suffix}`, join(folder, `copy.db${suffix}`))
    return rowsOf(join(folder, 'copy.db'), id)
  } catch (error) {
    // The server may have written in between; what else is known is told all the same.
    return [`  The database could not be read: ${String(error)}`]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function rowsOf(file: string, id: string): string[] {
  const db = new LibsqlDatabase(file)
  const all = (sql: string): Record<string, unknown>[] => db.prepare(sql).all(id) as Record<string, unknown>[]
  try {
    const messages = all(
      `SELECT id, role, revision, deleted, visibility, created_at, content FROM chat_messages WHERE chat_id = ? ORDER BY id DESC LIMIT ${LAST_MESSAGES}`,
    )
    return [
      ...all('SELECT * FROM chats WHERE id = ?').map((row) => `  ${JSON.stringify(row)}`),
      'Last messages, newest first:',
      ...messages.map((row) => `  ${JSON.stringify(row).slice(0, MAX_CONTENT_CHARS)}`),
      'Queue:',
      ...all('SELECT * FROM chat_queued_messages WHERE chat_id = ?').map((row) => `  ${JSON.stringify(row)}`),
      'Decisions:',
      ...all(
        'SELECT d.* FROM chat_tool_decisions d JOIN chat_messages m ON m.id = d.message_id WHERE m.chat_id = ?',
      ).map((row) => `  ${JSON.stringify(row)}`),
    ]
  } finally {
    db.close()
  }
}

/** What the server said about the chat, and about its agents and itself. */
function readLog(file: string, id: string): string[] {
  const text = [`${file}.1`, file]
    .map((path) => (existsSync(path) ? readFileSync(path, 'utf8') : ''))
    .join('')
  return text
    .split('\n')
    .filter((line) => line !== '' && !NOISE.some((noise) => line.includes(noise)))
    .filter((line) => line.includes(id) || !line.includes('"chatId"'))
    .slice(-LAST_LINES)
    .map((line) => `  ${line}`)
}
