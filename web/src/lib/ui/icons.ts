/**
 * The icons that may be used, by their Lucide names, sorted. Those that the sources name end up in the sprite;
 * the others cost nothing.
 */
export const iconNames = [
  'activity', 'archive', 'arrow-left', 'arrow-right', 'arrow-up', 'badge-check', 'ban', 'bell', 'bold', 'book-open',
  'calendar-days', 'calendar-plus', 'camera', 'chart-line', 'check', 'chevron-down', 'chevron-left', 'chevron-right', 'chevron-up',
  'circle-alert', 'circle-check', 'circle-help', 'circle-user-round', 'clock', 'cloud', 'cloud-off', 'contact-round', 'copy', 'database', 'download',
  'ellipsis', 'external-link', 'eye', 'eye-off', 'file', 'file-text', 'fingerprint-pattern', 'folder', 'globe', 'hard-drive', 'heading', 'history', 'hourglass',
  'house', 'image', 'info', 'italic', 'key-round', 'laptop', 'library', 'life-buoy', 'link', 'list', 'list-checks', 'list-ordered', 'lock', 'lock-open', 'log-out',
  'mail', 'menu', 'message-circle', 'message-square-text', 'minus', 'monitor-smartphone', 'notebook-pen', 'paperclip', 'pause', 'pencil', 'phone', 'play', 'plus', 'printer', 'qr-code', 'quote', 'receipt-text',
  'redo-2', 'refresh-cw', 'rotate-ccw', 'scan-face', 'search', 'send', 'server', 'settings', 'share-2', 'shield', 'shield-alert', 'shield-check', 'siren', 'smartphone', 'square-check',
  'tablet-smartphone', 'trash-2', 'triangle-alert', 'undo-2', 'unplug', 'upload', 'usb', 'user-plus', 'user-round', 'users', 'wifi-off', 'x',
] as const;

/** The name of an icon in the sprite. */
export type IconName = (typeof iconNames)[number];
