import { fileURLToPath } from 'node:url'

/** How a program was started, as Node tells it. */
export interface RunningProgram {
  /** Address of its file, `import.meta.url`. */
  readonly address: string
  /** The Node that runs it. */
  readonly node: string
  /** Where a package's module lies, `import.meta.resolve`. */
  readonly locate: (specifier: string) => string
}

/**
 * The words that start the program again from any folder. The loader is named by its place, since its bare name would be
 * looked for from the folder of whoever starts the program; one that was compiled needs none.
 */
export function ownCommand({ address, node, locate }: RunningProgram): readonly string[] {
  const loader = address.endsWith('.ts') ? ['--import', locate('tsx')] : []
  return [node, ...loader, fileURLToPath(address)]
}
