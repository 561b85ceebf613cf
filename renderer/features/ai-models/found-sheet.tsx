import { useState } from 'react'
import type { FoundModelServer } from '#bridge/contract/chats-found-models'
import { useRead } from '../../api/use-call.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { RotateCwIcon, SearchIcon } from '../../ui/icons.tsx'
import { Notice } from '../../ui/notice.tsx'
import { SideSheet } from '../../ui/side-sheet.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { toast } from '../../ui/toast-store.ts'
import { Failure } from './failure.tsx'
import { assumedContext, serverLabel, useAddFound } from './use-add-found.ts'
import type { ModelsList } from './use-ai-models.ts'

export interface FoundSheetProps {
  readonly deploymentId: string
  /** The one that is searched, in words. */
  readonly computer: string
  readonly list: ModelsList
  readonly onClose: () => void
}

/** Servers of models on the deployment's own computer, each to be added with the models one chooses. */
export function FoundSheet({ deploymentId, computer, list, onClose }: FoundSheetProps) {
  const found = useRead('aiModels.find', { deploymentId })
  return (
    <SideSheet
      open
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
      title={`Models on ${computer}`}
      description="Ollama, vLLM and LM Studio, where they listen by default."
      footer={
        <Button
          size="lg"
          icon={<RotateCwIcon />}
          loading={found.isFetching}
          onClick={() => void found.refetch()}
        >
          Look again
        </Button>
      }
    >
      {found.isPending ? <SkeletonRows rows={3} label="Looking for models" /> : null}
      {found.isError ? <Failure title="The computer cannot be searched" error={found.error} /> : null}
      {found.data?.servers.length === 0 ? (
        <EmptyState icon={<SearchIcon />} title="None is running">
          Start Ollama, vLLM or the server of LM Studio on {computer}, then look again.
        </EmptyState>
      ) : null}
      <div className="flex flex-col gap-4">
        {found.data?.servers.map((server) => (
          <FoundServer
            key={server.base_url}
            deploymentId={deploymentId}
            server={server}
            list={list}
            onAdded={onClose}
          />
        ))}
      </div>
    </SideSheet>
  )
}

interface FoundServerProps {
  readonly deploymentId: string
  readonly server: FoundModelServer
  readonly list: ModelsList
  readonly onAdded: () => void
}

function FoundServer({ deploymentId, server, list, onAdded }: FoundServerProps) {
  const provider = list.providers.find(({ name }) => name === server.provider)
  const present = list.models.filter((model) => model.ai_provider_id === provider?.id)
  const isPresent = (name: string): boolean => present.some(({ model }) => model === name)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set(server.models.slice(0, 1)))
  const wanted = server.models.filter((name) => chosen.has(name) && !isPresent(name))
  const adding = useAddFound(deploymentId, list)
  const label = serverLabel(server)
  const toggle = (name: string, isChosen: boolean) => {
    const next = new Set(chosen)
    if (isChosen) next.add(name)
    else next.delete(name)
    setChosen(next)
  }
  const add = () => {
    void adding.add(server, provider, wanted).then((isDone) => {
      if (!isDone) return
      toast({ tone: 'ok', title: `${label} is ready for chats` })
      onAdded()
    })
  }
  return (
    <Card title={label} meta={provider === undefined ? server.version : <Badge tone="ok">Added</Badge>}>
      <div className="flex flex-col gap-3">
        <span className="code-text text-fg-2 copyable">{server.base_url}</span>
        {server.models.length === 0 ? (
          <Notice>It has no models. Pull one there, then look again.</Notice>
        ) : (
          <div role="group" aria-label={`Models of ${label}`} className="flex flex-col gap-2">
            {server.models.map((name) => (
              <Checkbox
                key={name}
                label={<span className="code-text break-all">{name}</span>}
                help={isPresent(name) ? 'Added' : undefined}
                checked={isPresent(name) || chosen.has(name)}
                disabled={isPresent(name) || adding.isAdding}
                onChange={(isChosen) => toggle(name, isChosen)}
              />
            ))}
          </div>
        )}
        {adding.error === undefined ? null : (
          <Failure title={`Not all of ${label} is added`} error={adding.error} />
        )}
        {server.models.length === 0 ? null : (
          <div>
            <p className="mb-2 text-sm text-fg-3">
              Each gets a context window of {assumedContext.toLocaleString('en-US')} tokens and costs nothing.
              Edit it afterwards where that is not so.
            </p>
            <Button
              variant="primary"
              loading={adding.isAdding}
              disabled={wanted.length === 0 || provider?.enabled === false}
              onClick={add}
            >
              {addLabel(provider === undefined, wanted.length)}
            </Button>
            {provider?.enabled === false ? (
              <span className="ml-2 text-sm text-fg-3">Switch its provider on first.</span>
            ) : null}
          </div>
        )}
      </div>
    </Card>
  )
}

function addLabel(isNew: boolean, count: number): string {
  const models = count === 1 ? '1 model' : `${String(count)} models`
  if (count === 0) return isNew ? 'Choose a model' : 'All chosen are added'
  return isNew ? `Add with ${models}` : `Add ${models}`
}
