/** What has to hold for the built files, checked at the end of every build. */
import { readFile, readdir } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import path from 'node:path'
import type { PartName } from './parts.ts'

/** A preload script runs before every page; above this size something was imported that does not belong there. */
export const PRELOAD_LIMIT_BYTES = 12 * 1024

/** A built file with its path relative to the part's folder. */
export interface BuiltFile {
  readonly name: string
  readonly text: string
}

/** Answers a sentence for each thing that is wrong with a part. */
export function checkPart(part: PartName, files: readonly BuiltFile[], dev: boolean): readonly string[] {
  const problems = dev ? [] : checkNoSourceMaps(files)
  if (part === 'preload') return [...problems, ...checkPreload(files, dev)]
  if (part === 'renderer') {
    const scripts = files.filter(isScript)
    return [...problems, ...scripts.flatMap(checkRendererFile), ...scripts.flatMap(checkNoCodeFromText)]
  }
  return [
    ...problems,
    ...checkEntries(files, part === 'main' ? ['index.js'] : ['serve.js', 'agent.js', 'bridge.js']),
    ...files.filter(isScript).flatMap(checkNoCommonJsName),
  ]
}

/** Reads the text files of a built part. */
export async function readBuiltFiles(folder: string): Promise<readonly BuiltFile[]> {
  if (!existsSync(folder)) return []
  const names = (await readdir(folder, { recursive: true })).filter((name) =>
    /\.(?:c?js|css|html|map)$/.test(name),
  )
  return Promise.all(
    names.map(async (name) => ({ name, text: await readFile(path.join(folder, name), 'utf8') })),
  )
}

function isScript(file: BuiltFile): boolean {
  return file.name.endsWith('.js') || file.name.endsWith('.cjs')
}

function checkNoSourceMaps(files: readonly BuiltFile[]): string[] {
  return files
    .filter((file) => file.name.endsWith('.map') || /[#@] sourceMappingURL=/.test(file.text))
    .map((file) => `${file.name} is or names a source map; a production build has none.`)
}

/** One CommonJS file, small, without schemas: the sandbox can load no second file, and zod alone is ten times the limit. */
function checkPreload(files: readonly BuiltFile[], dev: boolean): string[] {
  const problems: string[] = []
  const names = files.filter((file) => !file.name.endsWith('.map')).map((file) => file.name)
  if (names.length !== 1 || names[0] !== 'index.cjs') {
    problems.push(
      `The preload has to be the one file index.cjs, but there are: ${names.join(', ') || 'none'}.`,
    )
  }
  for (const { name, text } of files) {
    const size = Buffer.byteLength(text)
    if (!dev && size > PRELOAD_LIMIT_BYTES) {
      problems.push(`${name} is ${size} bytes; the limit of a preload is ${PRELOAD_LIMIT_BYTES}.`)
    }
    if (/\bZodError\b|\bZodType\b|_zod\b/.test(text))
      problems.push(`${name} contains zod; import only types from the contract.`)
    for (const [, specifier] of text.matchAll(/\brequire\(\s*["'`]([^"'`]+)["'`]\s*\)/g)) {
      if (specifier !== 'electron' && specifier !== 'electron/renderer') {
        problems.push(`${name} requires "${specifier}"; a sandboxed preload has only electron.`)
      }
    }
  }
  return problems
}

/** The renderer is a web page: a Node or Electron import in it would fail at run time, and means a layer was crossed. */
function checkRendererFile({ name, text }: BuiltFile): string[] {
  const specifiers = [
    ...text.matchAll(/\b(?:from|import)\s*["'`]([^"'`]+)["'`]/g),
    ...text.matchAll(/\b(?:import|require)\(\s*["'`]([^"'`]+)["'`]\s*\)/g),
  ].map(([, specifier]) => specifier ?? '')
  return [...new Set(specifiers)]
    .filter(
      (specifier) =>
        /^(?:node:|electron(?:\/|$))/.test(specifier) || specifier.startsWith('__vite-browser-external'),
    )
    .map((specifier) => `${name} imports "${specifier}"; the renderer has neither Node nor Electron.`)
}

/**
 * The page's policy forbids making code from text, so what tries to would fail or be reported. zod does (it compiles its
 * parsers where it may); the page needs none, since main parses what comes in.
 */
function checkNoCodeFromText({ name, text }: BuiltFile): string[] {
  const problems: string[] = []
  if (/(?<![\w$.])eval\(|(?<![\w$.])(?:new )?Function\(/.test(text)) {
    problems.push(`${name} makes code from text, which the policy of the page forbids.`)
  }
  if (/\bZodError\b|\bZodType\b|\b_zod\b/.test(text)) {
    problems.push(`${name} contains zod; take only types from the contracts in the renderer.`)
  }
  return problems
}

/** Bundled CommonJS may still name it; in a module that throws, at the latest when somebody needs that package. */
function checkNoCommonJsName({ name, text }: BuiltFile): string[] {
  return /(?<![\w$.'"`])__dirname\b/.test(text) ? [`${name} names __dirname, which modules do not have.`] : []
}

function checkEntries(files: readonly BuiltFile[], entries: readonly string[]): string[] {
  const names = new Set(files.map((file) => file.name))
  return entries.filter((entry) => !names.has(entry)).map((entry) => `${entry} was not built.`)
}
