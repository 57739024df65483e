package seedarr.db.database;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Percent-decoding as Python and SQLite do it: a percent sign without two hexadecimal digits stays as it is. */
final class PercentCode {

    private PercentCode() {}

    /** Decodes UTF-8; unlike {@link java.net.URLDecoder} it keeps a plus and never fails. */
    static String decode(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream decoded = new ByteArrayOutputStream(encoded.length);
        for (int i = 0; i < encoded.length; i++) {
            int high = encoded[i] == '%' && i + 2 < encoded.length ? Character.digit(encoded[i + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(encoded[i + 2], 16);
            decoded.write(low < 0 ? encoded[i] : high * 16 + low);
            i += low < 0 ? 0 : 2;
        }
        return decoded.toString(StandardCharsets.UTF_8);
    }
}
