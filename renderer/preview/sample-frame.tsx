import { DeploymentSwitcher } from '../app/frame/deployment-switcher.tsx'
import type { RailItem, RailSection } from '../app/frame/rail.tsx'
import { Avatar } from '../ui/avatar.tsx'
import { Button } from '../ui/button.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import * as icons from '../ui/icons.tsx'

const go = () => undefined

export const railItems: readonly RailItem[] = [
  {
    id: 'w',
    label: 'Workspaces',
    icon: <icons.BoxIcon />,
    detail: 13,
    active: true,
    href: '#/w',
    onSelect: go,
  },
  { id: 'a', label: 'Agents', icon: <icons.SparkleIcon />, attention: 2, href: '#/a', onSelect: go },
  { id: 't', label: 'Templates', icon: <icons.LayersIcon />, detail: 24, href: '#/t', onSelect: go },
]

export const railSections: readonly RailSection[] = [
  {
    title: 'Pinned',
    items: [
      {
        id: 'p1',
        label: 'payments-api',
        status: 'running',
        detail: '1 h 42 m',
        href: '#/1',
        onSelect: go,
      },
      {
        id: 'p2',
        label: 'web-storefront',
        status: 'running',
        detail: <span className="text-warn-fg">12 m</span>,
        href: '#/2',
        onSelect: go,
      },
      { id: 'p3', label: 'ml-ranking', status: 'starting', href: '#/3', onSelect: go },
    ],
  },
]

export const railFoot: readonly RailItem[] = [
  { id: 's', label: 'Settings', icon: <icons.SlidersHorizontalIcon />, href: '#/s', onSelect: go },
]

/** Which deployment. */
export function SampleSwitcher() {
  return (
    <DeploymentSwitcher
      name="acme"
      status="running"
      statusLabel="Connected"
      items={[
        { kind: 'heading', label: 'Deployments' },
        { label: 'acme', checked: true, onSelect: go, detail: 'coder.acme.dev' },
        { label: 'This machine', checked: false, onSelect: go, detail: 'local' },
        { kind: 'separator' },
        { label: 'Add a deployment…', icon: <icons.PlusIcon />, onSelect: go },
      ]}
    />
  )
}

/** Connection, notifications, account. */
export function SampleTitleEnd() {
  return (
    <>
      <Button variant="ghost" className="num text-sm font-normal">
        Direct · 18 ms
      </Button>
      <IconButton label="Notifications, 3 new" dot icon={<icons.BellIcon />} />
      <Button variant="ghost" square aria-label="Account: owner">
        <Avatar name="owner" />
      </Button>
    </>
  )
}
