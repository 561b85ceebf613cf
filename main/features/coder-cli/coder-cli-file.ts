import { z } from 'zod'
import { cliSignaturePolicies } from '#bridge/contract/coder-cli'
import { openDataFile, type DataFileSurroundings } from '../../lib/data-file.ts'
import type { VersionedFile } from '../../lib/versioned-file.ts'

const savedCliSchema = z.object({
  deploymentId: z.string().min(1),
  /** Absolute path; `null`: the deployment's own is downloaded. */
  chosen: z.string().min(1).nullable(),
  signature: z.enum(cliSignaturePolicies),
})
export type SavedCli = z.output<typeof savedCliSchema>

/** Opens `coder-cli.json`: deployments whose command line is not got in the usual way. */
export function openCoderCliFile(
  surroundings: DataFileSurroundings,
): Promise<VersionedFile<readonly SavedCli[]>> {
  return openDataFile(surroundings, {
    name: 'coder-cli.json',
    holds: 'settings of command lines',
    version: 1,
    schema: z.array(savedCliSchema),
    defaults: [],
    migrations: {},
    whenNotWritten: 'revert',
  })
}
