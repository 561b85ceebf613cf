import type { BlockReader } from '../block-reader.ts'
import type { PlannedApp } from '../provisioner.ts'

/** A host name without two hyphens in a row (terraform-provider-coder, provider/app.go). */
const slugPattern = /^[a-z0-9](-?[a-z0-9])*$/

/** Reads a `resource "coder_app"` block, without its agent. */
export function readApp(reader: BlockReader): PlannedApp {
  const slug = reader.requiredText('slug')
  if (!slugPattern.test(slug)) {
    throw reader.error(
      'slug',
      'Only a-z, 0-9 and single hyphens between them are possible, as in a host name.',
    )
  }
  const [healthcheck] = reader.blocks('healthcheck', 1)
  const app: PlannedApp = {
    slug,
    displayName: reader.text('display_name', reader.text('name', slug)),
    url: reader.text('url'),
    command: reader.text('command'),
    icon: reader.text('icon'),
    external: reader.bool('external', false),
    subdomain: reader.bool('subdomain', false),
    sharingLevel: reader.oneOf('share', ['owner', 'authenticated', 'organization', 'public'], 'owner'),
    healthcheck: healthcheck === undefined ? undefined : readHealthcheck(healthcheck),
    group: reader.text('group'),
    hidden: reader.bool('hidden', false),
    openIn: reader.oneOf('open_in', ['slim-window', 'tab'], 'slim-window'),
    tooltip: reader.text('tooltip'),
    order: reader.integer('order') ?? 0,
  }
  reader.bool('relative_path', true)
  reader.finish()
  if (app.url !== '' && app.command !== '')
    throw reader.error('command', 'An app has either a command or a url.')
  return app
}

function readHealthcheck(reader: BlockReader): NonNullable<PlannedApp['healthcheck']> {
  const url = reader.requiredText('url')
  const interval = reader.integer('interval')
  const threshold = reader.integer('threshold')
  if (interval === undefined || interval < 1) throw reader.error('interval', 'At least one second is needed.')
  if (threshold === undefined || threshold < 1) throw reader.error('threshold', 'At least 1 is needed.')
  reader.finish()
  return { url, interval, threshold }
}
