/** Short words about what just happened, with a way back. It must not carry errors: those stay where they happened. */

export interface Toast {
  id: number;
  text: string;
  undo?: () => void;
}

const shown = $state<{ list: Toast[] }>({ list: [] });
let last = 0;

/** The toasts on screen, oldest first. */
export function toasts(): readonly Toast[] {
  return shown.list;
}

/** Says what happened. With `undo` a button takes it back while the words stand. */
export function toast(text: string, undo?: () => void): void {
  last += 1;
  shown.list = [...shown.list.slice(-2), { id: last, text, undo }];
}

/** Takes one away. */
export function dismissToast(id: number): void {
  shown.list = shown.list.filter((one) => one.id !== id);
}
