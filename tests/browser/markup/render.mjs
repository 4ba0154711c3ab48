// Reads a JSON list of Markdown texts, writes a JSON list of the HTML that the public sandbox makes of them.
import { text } from 'node:stream/consumers';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import ReactMarkdown from 'react-markdown';
import rehypeRaw from 'rehype-raw';
import remarkGfm from 'remark-gfm';

const draw = (markdown) =>
  renderToStaticMarkup(
    createElement(ReactMarkdown, { remarkPlugins: [remarkGfm], rehypePlugins: [rehypeRaw] }, markdown),
  );

process.stdout.write(JSON.stringify(JSON.parse(await text(process.stdin)).map(draw)));
