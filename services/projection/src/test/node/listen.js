// Listens to a stream until it has this many events; prints their sequences, and each loss of the connection.
import { EventSource } from 'eventsource';

const [url, wanted] = process.argv.slice(2);
let heard = 0;
const source = new EventSource(url);
source.onmessage = (message) => {
  console.log(JSON.parse(message.data).sequence);
  if (++heard === Number(wanted)) {
    source.close();
  }
};
source.onerror = (error) => console.log(`lost ${error.code ?? ''}`);
