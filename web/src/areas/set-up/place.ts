/** Where in set-up a step stands: what `FlowShell` shows around it. */
export interface Place {
  brand: string;
  steps: readonly string[];
  step: number;
  note: string;
}
