self.onmessage = (event: MessageEvent<string>) => self.postMessage(`${event.data} from the worker`);
