package io.parley.journal.reading;

import org.springframework.http.HttpMethod;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * A path that is served, and who may pass. What no door names is not there for anybody ({@link
 * Doors}).
 *
 * @param method GET stands for HEAD too
 * @param path as the handler is mapped
 * @param opens to whom
 */
public record Door(HttpMethod method, PathPattern path, To opens) {

  /** Whom a door opens to. What a path then tells whom is {@link Access.Rights}'. */
  public enum To {
    /** With a token and without; a token that is not valid is refused all the same. */
    ANYBODY {
      @Override
      boolean admits(Access.Rights rights) {
        return true;
      }
    },
    /** Who may record something: what, the service decides (rule 32). */
    RECORDERS {
      @Override
      boolean admits(Access.Rights rights) {
        return rights.mayRecordSomething();
      }
    },
    /** Who audits. */
    AUDITORS {
      @Override
      boolean admits(Access.Rights rights) {
        return rights.mayAudit();
      }
    },
    /** Who operates the service. */
    OPERATORS {
      @Override
      boolean admits(Access.Rights rights) {
        return rights.mayOperate();
      }
    };

    abstract boolean admits(Access.Rights rights);
  }

  /** A door for reading. */
  public static Door get(String path, To opens) {
    return of(HttpMethod.GET, path, opens);
  }

  /** A door for doing something. */
  public static Door post(String path, To opens) {
    return of(HttpMethod.POST, path, opens);
  }

  /** A door for any method. */
  public static Door of(HttpMethod method, String path, To opens) {
    return new Door(method, PathPatternParser.defaultInstance.parse(path), opens);
  }
}
