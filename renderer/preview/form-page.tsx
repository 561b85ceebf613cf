import { useState } from 'react'
import { PageHeader } from '../ui/page-header.tsx'
import { Button, TextButton } from '../ui/button.tsx'
import { Card, CardRow } from '../ui/card.tsx'
import { Combobox, MultiSelect } from '../ui/combobox.tsx'
import { Field } from '../ui/field.tsx'
import { GlobeIcon } from '../ui/icons.tsx'
import { Input, TextArea } from '../ui/input.tsx'
import { LogView } from '../ui/log/log-view.tsx'
import { Notice } from '../ui/notice.tsx'
import { RadioCards } from '../ui/radio-cards.tsx'
import { SecretInput } from '../ui/secret-input.tsx'
import { Select } from '../ui/select.tsx'
import { Slider } from '../ui/slider.tsx'
import { StatusMark } from '../ui/status-mark.tsx'
import { Switch } from '../ui/switch.tsx'
import { TabPanel, Tabs } from '../ui/tabs.tsx'
import { TagInput } from '../ui/tag-input.tsx'
import { TooltipProvider } from '../ui/tooltip.tsx'

const log = [
  ['plan', 'Reading rust-workspace v5.1'],
  ['plan', '\u001b[32m+\u001b[0m volume.home'],
  ['plan', '\u001b[32m+\u001b[0m container.dev'],
  ['plan', '\u001b[1m4 to add, 0 to change\u001b[0m'],
  ['apply', 'volume.home \u001b[32mdone\u001b[0m \u001b[90m3.1s\u001b[0m'],
  ['apply', 'network.private creating'],
  ['warn', '\u001b[33mimage not cached, pulling\u001b[0m'],
  ['apply', '412 of 690 MB  \u001b[90m38 MB/s\u001b[0m'],
].map(([stage = '', text = ''], id) => ({ id, stage, text, time: Date.UTC(2026, 0, 5, 14, 2, 11 + id * 3) }))

const editors = [
  { value: 'browser', label: 'Browser editor' },
  { value: 'jetbrains', label: 'JetBrains' },
  { value: 'zed', label: 'Zed' },
]

/** The create form with all field kinds, beside a build and its log. */
export function FormPage() {
  const [tab, setTab] = useState<'new' | 'readme' | 'versions'>('new')
  return (
    <TooltipProvider>
      <div className="flex h-full flex-col bg-page">
        <PageHeader
          title="New workspace"
          trail={[
            { label: 'Templates', onSelect: () => undefined },
            { label: 'go-service', onSelect: () => undefined },
          ]}
          actions={
            <>
              <Button variant="ghost">Cancel</Button>
              <Button variant="primary" disabled>
                Create workspace
              </Button>
            </>
          }
        />
        <Tabs
          aria-label="Template"
          value={tab}
          onChange={setTab}
          items={[
            { value: 'new', label: 'New workspace' },
            { value: 'readme', label: 'README' },
            { value: 'versions', label: 'Versions', count: 12 },
          ]}
        >
          <TabPanel value={tab}>
            <div className="grid h-full grid-cols-[minmax(0,1fr)_minmax(260px,36%)]">
              <SampleForm />
              <SampleBuild />
            </div>
          </TabPanel>
        </Tabs>
      </div>
    </TooltipProvider>
  )
}

function SampleForm() {
  return (
    <form className="grid auto-rows-min grid-cols-2 gap-x-5 gap-y-4 overflow-auto p-5">
      <FirstFields />
      <MoreFields />
    </form>
  )
}

function FirstFields() {
  const [name, setName] = useState('payments api')
  const [region, setRegion] = useState<string | null>('eu')
  const [cores, setCores] = useState(8)
  const [database, setDatabase] = useState('postgres')
  const [preset, setPreset] = useState('service')
  const [image, setImage] = useState<string | null>('zed')
  return (
    <>
      <Field label="Preset" className="col-span-2">
        <RadioCards
          columns={3}
          value={preset}
          onChange={setPreset}
          options={[
            { value: 'small', label: 'Small fix', description: '2 cores, 4 GB' },
            { value: 'service', label: 'Service work', description: '8 cores, 16 GB' },
            { value: 'load', label: 'Load test', description: '16 cores, 64 GB' },
          ]}
        />
      </Field>
      <Field
        label="Name"
        error={
          <>
            No spaces in a name. Try{' '}
            <TextButton
              onClick={() => {
                setName('payments-api-2')
              }}
            >
              payments-api-2
            </TextButton>
          </>
        }
      >
        <Input
          value={name}
          onChange={(event) => {
            setName(event.target.value)
          }}
        />
      </Field>
      <Field label="Region" help="The lowest latency from here.">
        <Select
          value={region}
          onChange={setRegion}
          options={[
            { value: 'eu', label: 'eu-central', detail: '18 ms', icon: <GlobeIcon /> },
            { value: 'us', label: 'us-east', detail: '96 ms', icon: <GlobeIcon /> },
          ]}
        />
      </Field>
      <Field label="CPU cores" hint={cores}>
        <Slider value={cores} onChange={setCores} min={1} max={16} />
      </Field>
      <Field label="Image" help="Type to find one.">
        <Combobox options={editors} value={image} onChange={setImage} placeholder="Find an image" />
      </Field>
      <Field label="Database" className="col-span-2">
        <RadioCards
          value={database}
          onChange={setDatabase}
          options={[
            { value: 'postgres', label: 'Postgres 17', detail: 'fixtures loaded' },
            { value: 'none', label: 'None', detail: 'use a shared one' },
          ]}
        />
      </Field>
    </>
  )
}

function MoreFields() {
  const [chosen, setChosen] = useState<readonly string[]>(['browser', 'jetbrains'])
  const [tags, setTags] = useState<readonly string[]>(['acme/payments-api'])
  const [nightly, setNightly] = useState(true)
  const [secret, setSecret] = useState('')
  return (
    <>
      <Field label="Editors" help="Installed while the agent starts.">
        <MultiSelect options={editors} value={chosen} onChange={setChosen} />
      </Field>
      <Field label="Repositories" help="Enter adds a tag. 1 of 5 used." optional>
        <TagInput value={tags} onChange={setTags} max={5} />
      </Field>
      <Field label="Token" help="Kept in the system keychain.">
        <SecretInput value={secret} onChange={setSecret} placeholder="Paste a session token" />
      </Field>
      <Field label="Notes" optional>
        <TextArea placeholder="For whoever opens this workspace" rows={1} />
      </Field>
      <Switch
        checked={nightly}
        onChange={setNightly}
        label="Rebuild every night"
        help="Keeps the base image fresh."
      />
      <Notice className="col-span-2">
        Costs 14 credits a day while it runs. Your team has 46 of 60 left.
      </Notice>
    </>
  )
}

function SampleBuild() {
  return (
    <aside className="flex min-h-0 flex-col gap-4 border-l border-line bg-sunken p-4">
      <Card title="Build of search-indexer" meta="0:47" flush>
        <CardRow>
          <StatusMark status="running" label="Queued" />
          <span className="num ml-auto text-sm text-fg-3">0.8 s</span>
        </CardRow>
        <CardRow>
          <StatusMark status="starting" label="Apply, 2 of 4" />
          <span className="num ml-auto text-sm text-fg-3">0:40</span>
        </CardRow>
        <CardRow>
          <StatusMark status="pending" label="Start the agent" />
          <span className="num ml-auto text-sm text-fg-3">about 20 s</span>
        </CardRow>
      </Card>
      <LogView title="Build log" live lines={log} onDownload={() => undefined} className="flex-1" />
    </aside>
  )
}
