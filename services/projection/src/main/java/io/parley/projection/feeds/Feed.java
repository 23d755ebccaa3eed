package io.parley.projection.feeds;

import io.parley.projection.announcements.AnnouncementItem;
import io.parley.projection.announcements.AnnouncementItem.Status;
import io.parley.projection.shape.Named;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import javax.xml.XMLConstants;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.jspecify.annotations.Nullable;

/** Announcements as an Atom feed. */
final class Feed {
  private static final String ATOM = "http://www.w3.org/2005/Atom";
  private static final String TOMBSTONES = "http://purl.org/atompub/tombstones/1.0";
  private static final String SCHEME = "https://parley.invalid/";

  private final XMLStreamWriter out;

  private Feed(XMLStreamWriter out) {
    this.out = out;
  }

  /**
   * The feed, in UTF-8; the same for the same announcements.
   *
   * @param next where the next page is, or null
   */
  static byte[] write(
      String negotiation,
      Heading heading,
      List<AnnouncementItem> announcements,
      @Nullable String next) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      XMLStreamWriter out =
          XMLOutputFactory.newFactory().createXMLStreamWriter(bytes, StandardCharsets.UTF_8.name());
      new Feed(out).feed(negotiation, heading, announcements, next);
      out.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("writing into memory", e);
    }
    return bytes.toByteArray();
  }

  private void feed(
      String negotiation,
      Heading heading,
      List<AnnouncementItem> announcements,
      @Nullable String next)
      throws XMLStreamException {
    out.writeStartDocument(StandardCharsets.UTF_8.name(), "1.0");
    out.setDefaultNamespace(ATOM);
    out.writeStartElement(ATOM, "feed");
    out.writeDefaultNamespace(ATOM);
    out.writeNamespace("at", TOMBSTONES);
    element("id", id(negotiation, "announcements"));
    element("title", heading.title());
    element("updated", heading.updated().toString());
    link("self", "announcements.atom");
    if (next != null) {
      link("next", next);
    }
    for (AnnouncementItem announcement : announcements) {
      if (announcement.status() == Status.RETRACTED) {
        tombstone(negotiation, announcement);
      } else {
        entry(negotiation, announcement);
      }
    }
    out.writeEndElement();
    out.writeEndDocument();
  }

  private void entry(String negotiation, AnnouncementItem item) throws XMLStreamException {
    out.writeStartElement(ATOM, "entry");
    element("id", id(negotiation, "announcement:" + item.announcement()));
    element("title", item.kind() + ": " + name(item.speaker()));
    element("published", item.published().toString());
    element("updated", item.updated().toString());
    out.writeStartElement(ATOM, "author");
    element("name", name(item.speaker()));
    out.writeEndElement();
    link("alternate", "announcements/" + item.announcement());
    category("kind", item.kind().name());
    category("status", item.status().name());
    for (String topic : item.topics()) {
      category("topic", topic);
    }
    if (item.note() != null) {
      element("summary", item.note());
    }
    out.writeStartElement(ATOM, "content");
    out.writeAttribute("type", "text");
    out.writeAttribute("xml", XMLConstants.XML_NS_URI, "lang", clean(item.language()));
    out.writeCharacters(clean(Objects.requireNonNullElse(item.text(), "")));
    out.writeEndElement();
    out.writeEndElement();
  }

  /** RFC 6721, 2: it names the entry that is gone, since when, and here why. */
  private void tombstone(String negotiation, AnnouncementItem item) throws XMLStreamException {
    out.writeStartElement("at", "deleted-entry", TOMBSTONES);
    out.writeAttribute("ref", id(negotiation, "announcement:" + item.announcement()));
    out.writeAttribute("when", item.updated().toString());
    if (item.note() != null) {
      out.writeStartElement("at", "comment", TOMBSTONES);
      out.writeCharacters(clean(item.note()));
      out.writeEndElement();
    }
    out.writeEndElement();
  }

  private void element(String name, String text) throws XMLStreamException {
    out.writeStartElement(ATOM, name);
    out.writeCharacters(clean(text));
    out.writeEndElement();
  }

  private void link(String relation, String reference) throws XMLStreamException {
    out.writeEmptyElement(ATOM, "link");
    out.writeAttribute("rel", relation);
    out.writeAttribute("href", reference);
  }

  private void category(String scheme, String term) throws XMLStreamException {
    out.writeEmptyElement(ATOM, "category");
    out.writeAttribute("scheme", SCHEME + scheme);
    out.writeAttribute("term", clean(term));
  }

  private static String name(Named speaker) {
    return Objects.requireNonNullElse(speaker.name(), speaker.id());
  }

  /** An id that stays, wherever the feed is served from (RFC 4287, 4.2.6). */
  private static String id(String negotiation, String what) {
    return "urn:uuid:"
        + UUID.nameUUIDFromBytes(
            ("parley/" + negotiation + "/" + what).getBytes(StandardCharsets.UTF_8));
  }

  /** Characters that XML 1.0 has none of, nor an escape for, are shown as unknown ones. */
  private static String clean(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints()
        .map(
            c ->
                c == '\t'
                        || c == '\n'
                        || c == '\r'
                        || (c >= 0x20 && c <= 0xD7FF)
                        || (c >= 0xE000 && c <= 0xFFFD)
                        || c >= 0x10000
                    ? c
                    : 0xFFFD)
        .forEach(clean::appendCodePoint);
    return clean.toString();
  }
}
