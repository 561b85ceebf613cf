import type { BlockReader } from '../block-reader.ts'
import type { PlannedMetadata } from '../provisioner.ts'

export interface ResourceMetadata {
  readonly hide: boolean
  readonly icon: string
  readonly dailyCost: number
  readonly items: readonly PlannedMetadata[]
}

/** Reads a `resource "coder_metadata"` block, without the resource it describes. */
export function readMetadata(reader: BlockReader): ResourceMetadata {
  const metadata = {
    hide: reader.bool('hide', false),
    icon: reader.text('icon'),
    dailyCost: reader.integer('daily_cost') ?? 0,
    items: reader.blocks('item').map((item) => {
      const entry = {
        key: item.requiredText('key'),
        value: item.text('value'),
        sensitive: item.bool('sensitive', false),
      }
      item.finish()
      return entry
    }),
  }
  reader.finish()
  return metadata
}
