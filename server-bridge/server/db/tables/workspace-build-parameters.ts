/** Parameter values a build was made with. */
export interface WorkspaceBuildParametersTable {
  build_id: string
  name: string
  value: string
}
