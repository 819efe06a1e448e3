package org.realera.report;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** What is drawn in a page's first SVG, read as a browser reads it. */
final class Shapes {
  private final List<Shape> all;

  private Shapes(List<Shape> all) {
    this.all = all;
  }

  /**
   * Something drawn.
   *
   * @param style its class
   * @param group the class of the element around it
   * @param text all within it
   */
  record Shape(
      String element, String style, String group, TreeMap<String, String> attributes, String text) {

    String get(String attribute) {
      return Objects.requireNonNull(attributes.get(attribute), attribute);
    }

    /** A number among its attributes. */
    double at(String attribute) {
      return Double.parseDouble(get(attribute));
    }
  }

  static Shapes of(String html) {
    int end = html.indexOf("</svg>") + "</svg>".length();
    String svg = html.substring(html.indexOf("<svg"), end);
    List<Shape> shapes = new ArrayList<>();
    try {
      NodeList nodes =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)))
              .getElementsByTagName("*");
      for (int i = 0; i < nodes.getLength(); i++) {
        shapes.add(shape((Element) nodes.item(i)));
      }
    } catch (IOException | ParserConfigurationException | SAXException e) {
      throw new AssertionError("the drawing is no XML: " + svg, e);
    }
    return new Shapes(shapes);
  }

  private static Shape shape(Element element) {
    TreeMap<String, String> attributes = new TreeMap<>();
    NamedNodeMap named = element.getAttributes();
    for (int i = 0; i < named.getLength(); i++) {
      attributes.put(named.item(i).getNodeName(), named.item(i).getNodeValue());
    }
    String group = element.getParentNode() instanceof Element e ? e.getAttribute("class") : "";
    return new Shape(
        element.getTagName(),
        element.getAttribute("class"),
        group,
        attributes,
        element.getTextContent());
  }

  /** All of a kind, in the order in which they are drawn. */
  List<Shape> all(String element) {
    return all.stream().filter(shape -> shape.element().equals(element)).toList();
  }

  /** Those of them that have a class. */
  List<Shape> all(String element, String style) {
    return all(element).stream().filter(shape -> shape.style().equals(style)).toList();
  }

  /** The only one of its kind whose words begin so. */
  Shape one(String element, String words) {
    List<Shape> found =
        all(element).stream().filter(shape -> shape.text().startsWith(words)).toList();
    if (found.size() != 1) {
      throw new AssertionError(found.size() + " of " + element + " begin with " + words);
    }
    return found.get(0);
  }
}
