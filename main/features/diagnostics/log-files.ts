import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode } from '#bridge/lib/to-error'

export interface LogFile {
  readonly name: string
  readonly text: string
  /** Only its end. */
  readonly isCut: boolean
}

const maxFiles = 4
const maxBytes = 1024 * 1024

/** The app's last log files, the newest first, each without what does not fit. */
export async function readLogFiles(folder: string): Promise<readonly LogFile[]> {
  const names = (await namesIn(folder)).filter((name) => /^[\w-]+\.log(\.\d+)?$/.test(name)).sort()
  const files: LogFile[] = []
  for (const name of names.slice(0, maxFiles)) files.push({ name, ...(await readEnd(join(folder, name))) })
  return files
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder)
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return []
    throw thrown
  }
}

async function readEnd(path: string): Promise<Omit<LogFile, 'name'>> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const isCut = size > maxBytes
    const bytes = Buffer.alloc(Math.min(size, maxBytes))
    const { bytesRead } = await file.read(bytes, 0, bytes.length, size - bytes.length)
    const text = bytes.subarray(0, bytesRead).toString('utf8')
    // Half a line could begin within a secret, which nothing would find.
    return { text: isCut ? text.slice(text.indexOf('\n') + 1) : text, isCut }
  } finally {
    await file.close()
  }
}
