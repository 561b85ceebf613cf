/** One value of the deployment itself, such as its id. */
export interface DeploymentSettingsTable {
  key: string
  value: string
}
