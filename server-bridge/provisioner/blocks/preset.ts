import type { BlockReader } from '../block-reader.ts'
import type { ImportedPreset } from '../provisioner.ts'

/** Reads a `data "coder_workspace_preset"` block. Prebuilt workspaces make no sense for one machine's folders. */
export function readPreset(reader: BlockReader): ImportedPreset {
  const preset: ImportedPreset = {
    Name: reader.requiredText('name'),
    Parameters: Object.entries(reader.textMap('parameters')).map(([Name, Value]) => ({ Name, Value })),
    Default: reader.bool('default', false),
    DesiredPrebuildInstances: null,
    Description: reader.text('description'),
    Icon: reader.text('icon'),
  }
  reader.blocks('prebuilds', 1)
  reader.finish()
  return preset
}
