import type { IconName } from './icons';

/** A destination in a rail or a bottom bar. Only what is built is listed. */
export interface Destination {
  href: string;
  label: string;
  icon: IconName;
  /** How many wait there. */
  count?: number;
  /** The present place only on this very page, not below it. */
  exact?: boolean;
}
