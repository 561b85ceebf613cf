import { useState } from 'react'
import { Avatar } from '../ui/avatar.tsx'
import { Badge, CountPill } from '../ui/badge.tsx'
import { Button, SplitButton } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Checkbox } from '../ui/checkbox.tsx'
import { CodeBlock } from '../ui/code.tsx'
import { Field } from '../ui/field.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import {
  BellIcon,
  ChevronDownIcon,
  EllipsisIcon,
  PlayIcon,
  PlusIcon,
  SquareIcon,
  Trash2Icon,
} from '../ui/icons.tsx'
import { Input } from '../ui/input.tsx'
import { Kbd } from '../ui/kbd.tsx'
import { KeyValue } from '../ui/key-value.tsx'
import { Markdown } from '../ui/markdown.tsx'
import { Menu } from '../ui/menu.tsx'
import { Popover } from '../ui/popover.tsx'
import { ProgressBar } from '../ui/progress-bar.tsx'
import { StatusMark, type Status } from '../ui/status-mark.tsx'
import { Switch } from '../ui/switch.tsx'
import { toneSoft, type Tone } from '../ui/tone.ts'
import { TooltipProvider } from '../ui/tooltip.tsx'
import { Cell } from './cell.tsx'

const states: readonly Status[] = [
  'running',
  'starting',
  'stopping',
  'stopped',
  'pending',
  'unhealthy',
  'failed',
  'deleting',
  'waiting',
  'unknown',
]
const readme = `## Go service
Go, Postgres and the **acme** tool chain. See [the guide](https://example.com/guide).

- \`make test\` runs everything
- [x] migrations
- [ ] fixtures

![Architecture](https://example.com/a.png)

| port | for |
|---|---|
| 5432 | Postgres |
| 8080 | API |
`

/** Every small part in its states. */
export function ControlsPage() {
  return (
    <TooltipProvider>
      <main className="grid h-full grid-cols-3 gap-4 overflow-auto p-4">
        <ButtonsCell />
        <StatesCell />
        <SmallPartsCell />
        <FieldsCell />
        <MenuAndPopoverCell />
        <CardCell />
        <MarkdownCell />
        <CodeCell />
      </main>
    </TooltipProvider>
  )
}

function ButtonsCell() {
  return (
    <Cell title="Buttons">
      <div className="flex flex-wrap gap-2">
        <Button variant="primary">Rest</Button>
        <Button variant="primary" disabled>
          Disabled
        </Button>
        <Button variant="primary" icon={<PlayIcon />} loading>
          Start
        </Button>
        <Button variant="primary" loading>
          Create
        </Button>
        <Button icon={<SquareIcon />}>Stop</Button>
        <Button loading>Save</Button>
        <Button disabled>Off</Button>
        <Button variant="ghost" icon={<PlusIcon />}>
          Ghost
        </Button>
        <Button variant="danger">Delete</Button>
        <Button variant="danger" disabled>
          Delete
        </Button>
        <Button variant="danger-ghost" icon={<Trash2Icon />}>
          Delete…
        </Button>
        <Button size="sm">Small</Button>
        <Button size="lg">Large</Button>
        <IconButton label="Notifications" dot icon={<BellIcon />} />
        <IconButton label="More" pressed icon={<EllipsisIcon />} />
        <SplitButton>
          <Button variant="primary">Open</Button>
          <Button variant="primary" aria-label="More" icon={<ChevronDownIcon />} />
        </SplitButton>
      </div>
    </Cell>
  )
}

function StatesCell() {
  return (
    <Cell title="States">
      <div className="grid grid-cols-2 gap-2">
        {states.map((status) => (
          <StatusMark key={status} status={status} />
        ))}
      </div>
    </Cell>
  )
}

function SmallPartsCell() {
  const [on, setOn] = useState(true)
  return (
    <Cell title="Small parts">
      <div className="flex flex-wrap items-center gap-2">
        {(Object.keys(toneSoft) as Tone[]).map((tone) => (
          <Badge key={tone} tone={tone}>
            {tone}
          </Badge>
        ))}
        <Badge outlined>outlined</Badge>
        <CountPill>2</CountPill>
        <Kbd keys="Mod+K" />
        <Kbd keys="Shift+Enter" />
        <Avatar name="Ada Byron" />
        <Checkbox checked={on} onChange={setOn} aria-label="On" />
        <Checkbox checked={false} indeterminate onChange={setOn} aria-label="Some" />
        <Checkbox checked={false} onChange={setOn} aria-label="Off" />
        <Switch checked={on} onChange={setOn} aria-label="On" />
        <Switch checked={!on} onChange={() => undefined} aria-label="Off" />
      </div>
      <ProgressBar className="mt-4" label="Copied" value={0.6} />
      <ProgressBar className="mt-3" label="Disk" value={0.92} tone="warn" />
    </Cell>
  )
}

function FieldsCell() {
  return (
    <Cell title="Fields">
      <div className="flex flex-col gap-3">
        <Field label="Port" error="Ports go from 1 to 65535.">
          <Input defaultValue="80800" />
        </Field>
        <Field label="Host" help="As in the address bar.">
          <Input placeholder="coder.example.com" />
        </Field>
        <Field label="Locked" disabled>
          <Input defaultValue="fixed" />
        </Field>
      </div>
    </Cell>
  )
}

function MenuAndPopoverCell() {
  return (
    <Cell title="Menu and popover">
      <div className="flex gap-2">
        <Menu
          trigger={<Button trailing={<ChevronDownIcon className="size-3" />}>Menu</Button>}
          items={[
            { kind: 'heading', label: 'Workspace' },
            { label: 'Start', icon: <PlayIcon />, keys: 'Mod+Enter', onSelect: () => undefined },
            { label: 'Stop', icon: <SquareIcon />, disabled: true, onSelect: () => undefined },
            {
              kind: 'submenu',
              label: 'Open',
              items: [{ label: 'Browser editor', onSelect: () => undefined }],
            },
            { kind: 'separator' },
            { label: 'Delete…', danger: true, icon: <Trash2Icon />, onSelect: () => undefined },
          ]}
        />
        <Popover trigger={<Button>Popover</Button>} title="Connection">
          Direct, 18 ms
        </Popover>
      </div>
    </Cell>
  )
}

function CardCell() {
  return (
    <Cell title="Card">
      <Card title="Details" actions={<IconButton size="sm" label="More" icon={<EllipsisIcon />} />}>
        <KeyValue
          items={[
            ['Template', 'go-service v3.4'],
            ['Owner', 'owner'],
            ['Region', 'eu-central, 18 ms'],
          ]}
        />
      </Card>
    </Cell>
  )
}

function MarkdownCell() {
  return (
    <Cell title="Markdown" className="col-span-2">
      <Markdown onOpenLink={() => undefined}>{readme}</Markdown>
    </Cell>
  )
}

function CodeCell() {
  return (
    <Cell title="Code">
      <CodeBlock title="Shell">{'coder ssh payments-api\nnpm ci && npm test'}</CodeBlock>
    </Cell>
  )
}
