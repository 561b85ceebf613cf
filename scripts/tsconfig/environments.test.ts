import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { beforeAll, describe, expect, it } from 'vitest'

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url))

interface Proof {
  readonly bad: readonly (readonly [code: string, says: RegExp])[]
  readonly good: readonly string[]
}

const STRICT: Proof['bad'] = [
  ['const list: string[] = []; export const first: string = list[0]', /undefined/],
  ['export const o: { a?: string } = { a: undefined }', /exactOptionalPropertyTypes/],
  ['const r: Record<string, string> = {}; export const v = r.name', /index signature/],
  ['export enum Colour { Red }', /erasableSyntaxOnly/],
  ['export class A { constructor(private a: string) {} }', /erasableSyntaxOnly/],
  ["import { Check } from './scripts/checks/check.ts'; export type C = Check", /type-only import/],
  ['class B { m() {} } export class C extends B { m() {} }', /'override' modifier/],
  ['const unused = 1; export {}', /never read/],
  ["import './scripts/checks/nothing-here.ts'", /Cannot find module/],
]

/** What each environment must not know, and what it must. */
const PROOFS: Readonly<Record<string, Proof>> = {
  neutral: {
    bad: [
      ['export const d = document', /Cannot find name 'document'/],
      ['export const p = process.pid', /Cannot find name 'process'/],
      ["export const u = new URL('https://x')", /Expected 0 arguments/],
      ["export const q = new URLSearchParams('a=b')", /Cannot find name 'URLSearchParams'/],
      ["import 'node:fs'", /Cannot find module|side-effect import/],
      ['export const b = Buffer.alloc(1)', /Cannot find name 'Buffer'/],
      ['setTimeout(() => 1, 1)', /Cannot find name 'setTimeout'/],
    ],
    good: ["export const bytes = new TextEncoder().encode('x')"],
  },
  node: {
    bad: [
      ['export const d = document', /Cannot find name 'document'/],
      ['export const w = window', /Cannot find name 'window'/],
      ['export const e = <div />', /jsx|Unterminated|expected|Cannot find name|'>'/i],
    ],
    good: [
      "import { readFile } from 'node:fs/promises'; export const r = readFile; export const p = process.pid",
    ],
  },
  'electron-main': {
    bad: [
      ['export const d = document', /Cannot find name 'document'/],
      ['export const s = localStorage', /Cannot find name 'localStorage'/],
    ],
    good: ["import { app } from 'electron'; export const v = app.getVersion() + process.pid"],
  },
  preload: {
    bad: [['export const e: React.ReactNode = 1', /Cannot find namespace 'React'/]],
    good: [
      "import { contextBridge } from 'electron'; contextBridge.exposeInMainWorld('x', { t: document.title })",
    ],
  },
  dom: {
    bad: [
      ['export const p = process.pid', /Cannot find name 'process'/],
      ['export const b = Buffer.alloc(1)', /Cannot find name 'Buffer'/],
      [
        "import { readFile } from 'node:fs/promises'; export const r = readFile",
        /Cannot find (module|name) 'node:/,
      ],
      ["export const m = require('x')", /Cannot find name 'require'/],
      ['export const d = __dirname', /Cannot find name '__dirname'/],
    ],
    good: ["export const t = document.title; import { useState } from 'react'; export const s = useState"],
  },
}

/** The messages that TypeScript has about each text when it is a file of the environment. */
function diagnose(environment: string, texts: readonly string[]): string[][] {
  const config = join(REPOSITORY, 'scripts/tsconfig', `${environment}.json`)
  const parsed = ts.getParsedCommandLineOfConfigFile(
    config,
    { incremental: false },
    {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: (diagnostic) => {
        throw new Error(ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'))
      },
    },
  )
  if (parsed === undefined) throw new Error(`${config} cannot be read`)
  const { tsBuildInfoFile: _unused, ...options } = parsed.options
  const files = new Map(texts.map((text, index) => [join(REPOSITORY, `proof-${index}.ts`), text]))
  const host = ts.createCompilerHost(options)
  const fromDisk = { fileExists: host.fileExists, readFile: host.readFile, getSourceFile: host.getSourceFile }
  host.fileExists = (name) => files.has(name) || fromDisk.fileExists(name)
  host.readFile = (name) => files.get(name) ?? fromDisk.readFile(name)
  host.getSourceFile = (name, ...rest) => {
    const text = files.get(name)
    return text === undefined
      ? fromDisk.getSourceFile(name, ...rest)
      : ts.createSourceFile(name, text, rest[0])
  }
  const globals = parsed.fileNames.filter((name) => name.endsWith('-globals.d.ts'))
  const program = ts.createProgram([...files.keys(), ...globals], options, host)
  return [...files.keys()].map((name) => {
    const source = program.getSourceFile(name)
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'),
    )
  })
}

describe.each(Object.entries(PROOFS))('the %s environment', (environment, { bad, good }) => {
  const all = [...bad, ...(environment === 'neutral' ? STRICT : [])]
  let findings: string[][] = []

  beforeAll(() => {
    findings = diagnose(environment, [...all.map(([code]) => code), ...good])
  }, 60_000)

  it.each(all.map(([code, says], index) => ({ code, says, index })))('refuses: $code', ({ says, index }) => {
    expect(findings[index]?.join('\n')).toMatch(says)
  })

  it.each(good.map((code, index) => ({ code, index })))('accepts: $code', ({ index }) => {
    expect(findings[all.length + index]).toEqual([])
  })
})
