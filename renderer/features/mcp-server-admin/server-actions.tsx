import { useState } from 'react'
import type { MCPServerConfig } from '#bridge/contract/mcp-servers'
import { errorWords } from '../../api/error-words.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { PencilIcon, PlusIcon, Trash2Icon } from '../../ui/icons.tsx'
import { toast } from '../../ui/toast-store.ts'
import { openEditor } from './editor-store.ts'
import { deleteEffects } from './save-effects.ts'
import { useServerAccess, useServerChanges, useServerNow } from './use-server-admin.ts'

/** Opens the form of a new server; nothing for who may not. */
export function AddServerButton({ deploymentId }: { readonly deploymentId: string }) {
  if (useServerAccess(deploymentId)?.mayManage !== true) return null
  return (
    <Button icon={<PlusIcon />} onClick={() => openEditor(deploymentId, null)}>
      Add server
    </Button>
  )
}

export interface ServerActionsProps {
  readonly deploymentId: string
  readonly config: MCPServerConfig
  /** After it is gone. */
  readonly onDeleted: () => void
}

/** Edit and delete; nothing for who may not. */
export function ServerActions({ deploymentId, config, onDeleted }: ServerActionsProps) {
  const [isAsking, setIsAsking] = useState(false)
  if (useServerAccess(deploymentId)?.mayManage !== true) return null
  const name = config.display_name || config.slug
  return (
    <>
      <Button icon={<PencilIcon />} onClick={() => openEditor(deploymentId, config)}>
        Edit
      </Button>
      <IconButton label={`Delete ${name}`} icon={<Trash2Icon />} onClick={() => setIsAsking(true)} />
      {isAsking ? (
        <DeleteServer
          deploymentId={deploymentId}
          config={config}
          onDeleted={onDeleted}
          onClose={() => setIsAsking(false)}
        />
      ) : null}
    </>
  )
}

function DeleteServer({
  deploymentId,
  config,
  onDeleted,
  onClose,
}: ServerActionsProps & { readonly onClose: () => void }) {
  const { remove, forget } = useServerChanges(deploymentId)
  const now = useServerNow(deploymentId, config.id)
  const name = config.display_name || config.slug
  const confirm = async () => {
    await remove.mutateAsync({ deploymentId, serverId: config.id }).catch((error: unknown) => {
      throw new Error(errorWords(error).message, { cause: error })
    })
    onDeleted()
    forget()
    toast({ title: `${name} is deleted` })
  }
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
      title={`Delete ${name}?`}
      description={deleteEffects(config, now.data?.userCount ?? null)}
      confirmLabel="Delete server"
      typedName={config.slug}
      danger
      onConfirm={confirm}
    />
  )
}
