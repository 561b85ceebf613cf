export { DeploymentAway, isAway } from './deployment-away.tsx'
export { connectionWords, deploymentState } from './deployment-words.ts'
export { RemoveDeploymentDialog } from './remove-deployment-dialog.tsx'
export { useDeployment, useDeployments } from './use-deployments.ts'
