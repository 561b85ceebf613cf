import { DisplaySettings } from './display-settings.tsx'
import { Instructions } from './instructions-form.tsx'
import { OwnModels } from './model-settings.tsx'
import { CompactionThresholds } from './threshold-settings.tsx'

/** What a person sets for the agents of their own chats; a part that the deployment does not have is not there. */
export function PersonalSettings({ deploymentId }: { readonly deploymentId: string }) {
  return (
    <>
      <Instructions deploymentId={deploymentId} />
      <DisplaySettings deploymentId={deploymentId} />
      <OwnModels deploymentId={deploymentId} />
      <CompactionThresholds deploymentId={deploymentId} />
    </>
  )
}
