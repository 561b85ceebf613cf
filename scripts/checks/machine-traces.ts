import type { Check } from './check.ts'
import { readFiles, type SourceFile } from './source-files.ts'

const TEXT = /\.(tsx?|[cm]?js|json|ya?ml|md|css|html|sh|tf|hcl|txt|svg)$|^[^/]+$|^\.ci\//
const BINARY = /\.(png|ico|icns|woff2?|gif|jpe?g|webp)$/

const BEFORE_A_PATH = '(^|[\\s"\'`(=])'

/** What ties the repository to one machine or one package mirror, put together so that this file is not found itself. */
const TRACES: readonly { pattern: RegExp; what: string }[] = [
  {
    pattern: new RegExp(['registry', '(npmjs|yarnpkg|npmmirror)'].join('[.]')),
    what: 'a package registry host',
  },
  { pattern: new RegExp([BEFORE_A_PATH, 'work', ''].join('/'), 'm'), what: 'a path of one machine' },
  { pattern: new RegExp([BEFORE_A_PATH, 'root', ''].join('/'), 'm'), what: "the root user's home folder" },
]

/** Finds files that name a machine's own paths or a package mirror. */
export function findMachineTraces(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, text }) =>
    TRACES.filter(({ pattern }) => pattern.test(text)).map(({ what }) => `${path} names ${what}`),
  )
}

/** The repository builds anywhere. */
export const machineTraces: Check = {
  name: 'machine traces',
  find: async (repository) =>
    findMachineTraces((await readFiles(repository, TEXT)).filter(({ path }) => !BINARY.test(path))),
}
