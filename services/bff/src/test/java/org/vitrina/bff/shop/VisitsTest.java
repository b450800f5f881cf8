package org.vitrina.bff.shop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VisitsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ru-RU,ru;q=0.9,en-US;q=0.8 | ru",
                "en-US,en;q=0.9,ru;q=0.8    | en",
                "de,fr;q=0.9                | en",
                "ru;q=0                     | en",
                "ru;q=x, en;q=0.1           | en",
                "RU                         | ru",
                "''                         | en"
            })
    void theLanguageIsTheOneOfOursThatIsPreferred(String accepted, String language) {
        assertThat(Visits.language(accepted)).isEqualTo(language);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2500.00    | ₽2,500      | 2\u202f500\u00a0₽",
                "1234567.80 | ₽1,234,567.80 | 1\u202f234\u202f567,80\u00a0₽",
                "0.05       | ₽0.05       | 0,05\u00a0₽"
            })
    void moneyIsWrittenAsItIsRead(String amount, String english, String russian) {
        assertThat(Formats.money(amount, visit("en"))).isEqualTo(english);
        assertThat(Formats.money(amount, visit("ru"))).isEqualTo(russian);
    }

    @ParameterizedTest
    @CsvSource({
        "/?told=added, /",
        "/?after=3&told=added, /?after=3",
        "/?told=x&after=3, /?after=3",
        "/?told=x&form=k-1, /",
        "/?form=k&after=3&told=x&user_id=4, /?after=3&user_id=4",
        "/shop/cart, /shop/cart"
    })
    void whatWasToldIsNotToldAgain(String path, String plain) {
        assertThat(Notices.without(path)).isEqualTo(plain);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip                 | true",
                "br, GZIP;q=0.5       | true",
                "gzip;q=0             | false",
                "gzip ; q=0.000, br   | false",
                "identity             | false",
                "x-gzipped            | false",
                "''                   | false"
            })
    void whatIsCompressedWasAskedFor(String accepted, boolean gzip) {
        assertThat(Visits.takesGzip(accepted)).isEqualTo(gzip);
    }

    @ParameterizedTest
    @CsvSource({"1", "40", "7199", "999999"})
    void aPictureIsTheSameForTheSameProductAndInsideItsFrame(int seed) {
        Picture picture = Picture.of(3, seed);

        assertThat(picture).isEqualTo(Picture.of(3, seed)).isNotEqualTo(Picture.of(3, seed + 1));
        assertThat(picture.hue()).isBetween(0, 11);
        assertThat(picture.turn()).isBetween(-8, 8);
        assertThat(picture.largeX()).isBetween(0, 160);
    }

    private static Visit visit(String language) {
        return new Visit(3, language, "/", null, false, "");
    }
}
