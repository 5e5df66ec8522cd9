#include "core/base/error.h"
#include "core/data/dataset/load_dataset.h"
#include "core/data/images/contact_sheet.h"
#include "core/data/images/image_folder.h"
#include "core/data/images/image_source.h"
#include "core/data/images/picture_header.h"
#include "core/data/images/procedural_images.h"
#include "core/data/images/procedures.h"
#include "core/media/image_io.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <fstream>
#include <map>
#include <set>

using namespace kino;
using namespace kino::test;
namespace fs = std::filesystem;

namespace {

using Colour = std::array<int, 3>; // red, green, blue

Image paintedImage(int width, int height, const std::function<Colour(int x, int y)> &colour)
{
    Image image{width, height, std::vector<std::uint8_t>(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4, 255)};
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            for (std::size_t plane = 0; plane < 3; ++plane)
                image.bgra[(static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)) * 4 + 2 - plane]
                    = static_cast<std::uint8_t>(colour(x, y)[plane]);
        }
    }
    return image;
}

Colour pixel(std::span<const std::uint8_t> planes, PictureSize size, std::size_t x, std::size_t y)
{
    Colour colour{};
    for (std::size_t plane = 0; plane < 3; ++plane)
        colour[plane] = planes[(plane * size.height + y) * size.width + x];
    return colour;
}

std::string bytesOf(const fs::path &path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

QString messageOf(const std::function<void()> &work)
{
    try {
        work();
    } catch (const Error &error) {
        return QString::fromStdString(error.what());
    }
    return {};
}

std::vector<std::string> namesOf(const ImageSet &images)
{
    std::vector<std::string> names;
    for (std::size_t number = 0; number < images.size(); ++number)
        names.push_back(images.name(number));
    return names;
}

} // namespace

class ImagesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void picturesOfAFolderAreCutToSize()
    {
        const TemporaryFolder folder;
        fs::create_directories(folder / "b/deep");
        // 200 x 100 in four stripes of 50; covered by 50 x 50 it becomes 100 x 50, of which the middle 50 are stripes 2 and 3.
        const std::array<Colour, 4> stripes{{{255, 0, 0}, {0, 255, 0}, {0, 0, 255}, {255, 255, 0}}};
        writePng(folder / "b/wide.png", paintedImage(200, 100, [&](int x, int) { return stripes[static_cast<std::size_t>(x / 50)]; }));
        writePng(folder / "b/deep/Tall.PNG", paintedImage(10, 30, [](int, int y) { return y < 10 ? Colour{10, 20, 30} : y < 20 ? Colour{40, 50, 60} : Colour{}; }));
        writePng(folder / "a.png", paintedImage(50, 50, [](int x, int y) { return Colour{x, y, 7}; }));
        writePng(folder / ".hidden.png", paintedImage(5, 5, [](int, int) { return Colour{}; }));
        folder.write("notes.txt", "no picture");
        const PictureSize size{50, 50};
        const LoadedImages loaded = loadImageFolder(folder.path(), {.size = size});
        QVERIFY(loaded.broken.empty());
        QCOMPARE(namesOf(loaded.images), (std::vector<std::string>{"a.png", "b/deep/Tall.PNG", "b/wide.png"}));
        QCOMPARE(loaded.images.shape(), (std::vector<std::int64_t>{3, 50, 50}));
        const auto same = loaded.images.picture(0), tall = loaded.images.picture(1), wide = loaded.images.picture(2);
        for (std::size_t y = 0; y < 50; ++y) {
            for (std::size_t x = 0; x < 50; ++x) {
                QCOMPARE(pixel(same, size, x, y), (Colour{static_cast<int>(x), static_cast<int>(y), 7}));
                QCOMPARE(pixel(wide, size, x, y), x < 25 ? stripes[1] : stripes[2]);
            }
        }
        QCOMPARE(pixel(tall, size, 25, 25), (Colour{40, 50, 60})); // 10 x 30 becomes 50 x 150, cut to rows 50 … 99
        std::vector<float> values(loaded.images.valuesPerPicture());
        loaded.images.read(0, values);
        QCOMPARE(values[49], 49.0f / 255);
    }

    void brokenFilesAreNamedAndTheRestGoesOn()
    {
        KINO_NEEDS_TEST_DATA();
        const TemporaryFolder folder;
        const fs::path photo = testDataFolder() / "ego_ximu3/Sample_281/frame_2801.jpg";
        const std::string jpeg = bytesOf(photo);
        folder.write("1-good.jpg", jpeg);
        folder.write("2-cut.jpg", jpeg.substr(0, jpeg.size() / 2));
        folder.write("3-text.png", "this is a text");
        folder.write("4-empty.jpeg", "");
        writePng(folder / "5-cut.png", paintedImage(60, 60, [](int x, int y) { return Colour{x, y, x * y % 256}; }));
        const std::string png = bytesOf(folder / "5-cut.png");
        folder.write("5-cut.png", png.substr(0, png.size() - 30));
        std::string huge = png; // says that it is 100,000 pixels wide and high
        for (const std::size_t at : {16, 20})
            huge.replace(at, 4, std::string("\x00\x01\x86\xa0", 4));
        folder.write("6-huge.png", huge);
        fs::create_directory_symlink(folder.path(), folder / "loop");
        const LoadedImages loaded = loadImageFolder(folder.path(), {.size = {64, 48}});
        QCOMPARE(namesOf(loaded.images), std::vector<std::string>{"1-good.jpg"});
        std::map<std::string, std::string> said;
        for (const BrokenImage &broken : loaded.broken)
            said[broken.path.filename().string()] = broken.message;
        QCOMPARE(said.size(), std::size_t{5});
        QCOMPARE(said.at("2-cut.jpg"), std::string("is cut off"));
        QCOMPARE(said.at("5-cut.png"), std::string("is cut off"));
        QVERIFY(said.at("6-huge.png").find("100000 x 100000") != std::string::npos);
        QVERIFY(said.contains("3-text.png") && said.contains("4-empty.jpeg"));
        // What a photograph's colours are, as OpenCV's own reading of the file has them on the average: no channel swapped.
        const Image whole = readImage(photo);
        std::array<double, 3> mean{}, small{};
        for (std::size_t at = 0; at < whole.bgra.size(); at += 4) {
            for (std::size_t plane = 0; plane < 3; ++plane)
                mean[plane] += whole.bgra[at + 2 - plane] / (static_cast<double>(whole.bgra.size()) / 4);
        }
        for (std::size_t i = 0; i < 3 * 64 * 48; ++i)
            small[i / (64 * 48)] += loaded.images.picture(0)[i] / (64.0 * 48);
        for (std::size_t plane = 0; plane < 3; ++plane)
            QVERIFY(std::abs(mean[plane] - small[plane]) < 1); // 640 x 480: scaled, not cut
        QVERIFY(messageOf([&] { loadImageFolder(folder / "nothing"); }).contains("nothing"));
        const TemporaryFolder bad;
        QVERIFY(messageOf([&] { loadImageFolder(bad.path()); }).contains("no JPEG or PNG"));
        bad.write("x.png", "text");
        QVERIFY(messageOf([&] { loadImageFolder(bad.path()); }).contains("x.png"));
    }

    void decodedPicturesAreFoundAgain()
    {
        const TemporaryFolder folder, cache;
        writePng(folder / "a.png", paintedImage(50, 50, [](int x, int y) { return Colour{x, y, 7}; }));
        folder.write("b.png", "text");
        const ImageFolderOptions options{.size = {32, 32}, .cacheFolder = cache.path()};
        const LoadedImages first = loadImageFolder(folder.path(), options), second = loadImageFolder(folder.path(), options);
        QCOMPARE(second.broken.size(), std::size_t{1});
        QCOMPARE(second.images.computeFingerprint(), first.images.computeFingerprint());
        writePng(folder / "a.png", paintedImage(60, 50, [](int x, int y) { return Colour{x, y, 8}; }));
        QVERIFY(loadImageFolder(folder.path(), options).images.computeFingerprint() != first.images.computeFingerprint());
    }

    void eachPictureIsAFunctionOfItsNumber_data()
    {
        QTest::addColumn<QString>("kind");
        for (const ProceduralImageInfo &info : proceduralImageInfos())
            QTest::newRow(info.name.c_str()) << QString::fromStdString(info.name);
    }
    void eachPictureIsAFunctionOfItsNumber()
    {
        QFETCH(QString, kind);
        const ProceduralImages images{.kind = kind.toStdString(), .count = 40, .seed = 3, .size = {64, 48}};
        const ImageSet set = makeProceduralImages(images);
        QCOMPARE(set.size(), std::size_t{40});
        std::set<std::vector<std::uint8_t>> different;
        for (std::size_t number = 40; number-- > 0;) {
            const std::vector<std::uint8_t> picture = renderProceduralImage(images, number);
            QVERIFY(std::ranges::equal(picture, set.picture(number)));
            different.insert(picture);
            // Something is to be seen on each: values spread in at least one channel.
            const auto [least, most] = std::ranges::minmax(picture);
            QVERIFY(most - least >= 60);
        }
        QCOMPARE(different.size(), std::size_t{40});
        ProceduralImages other = images;
        other.seed = 4;
        QVERIFY(renderProceduralImage(other, 0) != renderProceduralImage(images, 0));
        const TemporaryFolder cache;
        const ImageSet kept = makeProceduralImages(images, cache.path()), found = makeProceduralImages(images, cache.path());
        QCOMPARE(found.computeFingerprint(), set.computeFingerprint());
        QCOMPARE(kept.computeFingerprint(), set.computeFingerprint());
        const QByteArray sheets = qgetenv("KINOSCOPE_CONTACT_SHEETS");
        if (!sheets.isEmpty())
            writeContactSheet(fs::path(sheets.toStdString()) / (images.kind + ".png"), makeProceduralImages({.kind = images.kind, .count = 48, .seed = 5}));
    }

    void sheetsShowPicturesInRows()
    {
        const TemporaryFolder folder;
        fs::create_directories(folder / "photos");
        for (int number = 10; number < 20; ++number)
            writePng(folder / ("photos/" + std::to_string(number) + ".png"), paintedImage(40, 32, [&](int x, int y) { return Colour{x, y, number}; }));
        writeContactSheet(folder / "sheet.png", loadImageFolder(folder / "photos", {.size = {40, 32}}).images);
        const Image sheet = readImage(folder / "sheet.png"); // 8 and 2, parted by 4
        QCOMPARE(sheet.width, 8 * 44 + 4);
        QCOMPARE(sheet.height, 2 * 36 + 4);
        const auto colourAt = [&](int x, int y) {
            const std::uint8_t *bgra = sheet.bgra.data() + (static_cast<std::ptrdiff_t>(y) * sheet.width + x) * 4;
            return Colour{bgra[2], bgra[1], bgra[0]};
        };
        QCOMPARE(colourAt(4 + 44 + 7, 4 + 36 + 5), (Colour{7, 5, 19}));
        QCOMPARE(colourAt(4 + 7 * 44 + 39, 4 + 31), (Colour{39, 31, 17}));
        QCOMPARE(colourAt(4 + 5 * 44, 4 + 36), (Colour{255, 255, 255}));
    }

    void specificationsNamePictures()
    {
        const TemporaryFolder folder;
        fs::create_directories(folder / "photos");
        for (int number = 0; number < 20; ++number)
            writePng(folder / ("photos/" + std::to_string(number) + ".png"), paintedImage(40, 40, [&](int x, int y) { return Colour{x, y, number}; }));
        nlohmann::json specification;
        specification["seed"] = 3;
        specification["data"] = {{"source", "images"}, {"images", "photos"}, {"width", 40}, {"height", 32}};
        const LoadedImages photos = loadImageSource(specification, folder.path());
        QCOMPARE(photos.images.shape(), (std::vector<std::int64_t>{3, 32, 40}));
        QCOMPARE(photos.images.name(1), std::string("1.png"));
        const WindowTable table = tableOfImages(photos.images, "photos", 0.2, 3);
        QCOMPARE(table.rows.size(), std::size_t{20});
        QCOMPARE(table.rowsOf(SplitPart::validation).size(), std::size_t{4});
        QVERIFY(table == tableOfImages(photos.images, "photos", 0.2, 3));
        specification["data"] = {{"source", "procedural-images"},
                                 {"procedure", {{"name", "chirps"}, {"options", {{"harmonics", 2}}}}},
                                 {"count", 12},
                                 {"width", 32},
                                 {"height", 32}};
        const ImageSet sweeps = loadImageSource(specification, folder.path()).images;
        QCOMPARE(sweeps.size(), std::size_t{12});
        const ProceduralImages same{.kind = "chirps", .options = {{"harmonics", 2}}, .seed = 3, .size = {32, 32}};
        QVERIFY(std::ranges::equal(sweeps.picture(7), renderProceduralImage(same, 7)));
        specification["data"]["procedure"]["name"] = "clouds";
        QVERIFY(messageOf([&] { loadImageSource(specification, folder.path()); }).contains("clouds"));
        specification["data"]["count"] = -1;
        QVERIFY(messageOf([&] { loadImageSource(specification, folder.path()); }).contains("data.count"));
        specification["data"] = {{"source", "recordings"}};
        QVERIFY(messageOf([&] { loadImageSource(specification, folder.path()); }).contains("data.source"));
    }

    void everyOptionCanBeGivenAtItsEnds()
    {
        for (const ProceduralImageInfo &info : proceduralImageInfos()) {
            for (const NamedOption &option : info.options) {
                std::vector<nlohmann::json> values;
                for (const std::string &word : option.allowed)
                    values.push_back(word);
                if (values.empty() && option.isWhole)
                    values = {static_cast<std::int64_t>(option.least), static_cast<std::int64_t>(option.most)};
                else if (values.empty())
                    values = {option.least, option.most};
                for (const nlohmann::json &value : values) {
                    ProceduralImages images{.kind = info.name, .size = {16, 24}};
                    images.options[option.name] = value;
                    QCOMPARE(renderProceduralImage(images, 1).size(), std::size_t{3 * 16 * 24});
                }
            }
        }
        QVERIFY(messageOf([] { renderProceduralImage({.kind = "clouds"}, 0); }).contains("dead-leaves, fractals, chirps"));
        QVERIFY(messageOf([] { renderProceduralImage({.options = {{"exponent", 99}}}, 0); }).contains("exponent"));
        QVERIFY(messageOf([] { renderProceduralImage({.size = {4, 4}}, 0); }).contains("8 to 1024"));
    }

    // Leaves of one colour each: along a row, colours change at borders of leaves only. With radii by a power law small ones are
    // more than large ones: with a higher exponent there are more borders.
    void leavesAreOfOneColourAndOfAllSizes()
    {
        const auto bordersOf = [](double exponent) {
            std::size_t borders = 0;
            for (std::uint64_t number = 0; number < 20; ++number) {
                ProceduralImages images{.kind = "dead-leaves", .options = {{"exponent", exponent}, {"colours", "grey"}}, .size = {96, 96}};
                const auto picture = renderProceduralImage(images, number);
                for (std::size_t y = 0; y < 96; ++y) {
                    for (std::size_t x = 1; x < 96; ++x) {
                        const Colour here = pixel(picture, images.size, x, y);
                        borders += here != pixel(picture, images.size, x - 1, y);
                        if (here[0] != here[1] || here[1] != here[2])
                            return std::size_t{0};
                    }
                }
            }
            return borders;
        };
        const std::size_t few = bordersOf(2), many = bordersOf(5);
        QVERIFY2(few > 0 && many > 1.5 * static_cast<double>(few), qPrintable(QString("%1 %2").arg(few).arg(many)));
    }

    // For a person to look at, beside the sweeps: pictures of real windows.
    void realSpectrogramsAreLookedAt()
    {
        KINO_NEEDS_TEST_DATA();
        const QByteArray sheets = qgetenv("KINOSCOPE_CONTACT_SHEETS");
        if (sheets.isEmpty())
            QSKIP("set KINOSCOPE_CONTACT_SHEETS to a folder");
        DatasetSpec spec;
        spec.windows.recordings = {"hapt/Raw-Data/acc_exp0*.txt"};
        spec.windows.rule.seconds = 12;
        spec.windows.rule.strideSeconds = 60;
        spec.windows.rule.policy = LabelPolicy::none;
        spec.representation.name = "spectrogram";
        const LoadedDataset loaded = loadDataset(spec, testDataFolder());
        std::vector<std::string> names(loaded.windows->size());
        std::vector<std::size_t> places(names.size());
        for (std::size_t place = 0; place < places.size(); ++place)
            places[place] = place;
        PictureStore pictures(places.size(), 3 * 96 * 128, [&](std::size_t number, std::span<std::uint8_t> place) {
            std::ranges::copy(loaded.windows->picture(number), place.begin());
        });
        writeContactSheet(fs::path(sheets.toStdString()) / "real.png", ImageSet({128, 96}, std::move(names), std::move(pictures), std::move(places)));
    }

    // Each axis is scaled to its own range, as the model's picture is: black and white occur, low frequencies lie below.
    void sweepsLookLikeSpectrograms()
    {
        const ProceduralImages images{.kind = "chirps", .options = {{"knocks", 0}}, .seed = 1};
        std::array<double, 2> halves{};
        for (std::uint64_t number = 0; number < 60; ++number) {
            const auto picture = renderProceduralImage(images, number);
            for (std::size_t axis = 0; axis < 3; ++axis) {
                const auto plane = std::span(picture).subspan(axis * 96 * 128, 96 * 128);
                QVERIFY(std::ranges::min(plane) == 0 && std::ranges::max(plane) == 255);
            }
            for (std::size_t x = 0; x < 128; ++x) {
                halves[0] += pixel(picture, images.size, x, 0)[0];
                halves[1] += pixel(picture, images.size, x, 95)[0];
            }
        }
        QVERIFY(halves[1] > 1.5 * halves[0]); // gravity lies in the lowest bin
    }

    // Figures of Python's colorsys.hsv_to_rgb.
    void huesAreThoseOfOthers()
    {
        const auto isNear = [](const std::array<double, 3> &a, const std::array<double, 3> &b) {
            return std::abs(a[0] - b[0]) < 1e-12 && std::abs(a[1] - b[1]) < 1e-12 && std::abs(a[2] - b[2]) < 1e-12;
        };
        QVERIFY(isNear(procedures::fromHsv(0, 1, 1), {1, 0, 0}));
        QVERIFY(isNear(procedures::fromHsv(1.0 / 3, 1, 1), {0, 1, 0}));
        QVERIFY(isNear(procedures::fromHsv(0.1, 0.5, 0.8), {0.8, 0.64, 0.4}));
        QVERIFY(isNear(procedures::fromHsv(0.72, 0.9, 0.6), {0.2328, 0.06, 0.6}));
        QVERIFY(isNear(procedures::fromHsv(-0.5, 0.2, 1), {0.8, 1, 1}));
    }

    void headersOfNonsenseAreSurvived()
    {
        for (const std::string &text : {std::string(), std::string("\xff\xd8\xff"), std::string("\xff\xd8\xff\xe0\xff\xff"),
                                        std::string("\xff\xd8\xff\xc0\x00\x11\x08", 7), std::string("\x89PNG\r\n\x1a\n"),
                                        std::string("\xff\xd8\xff\xe0\x00\x00\xff\xe0\x00\x00\xff", 11), std::string(100, '\xff')}) {
            const auto header = readPictureHeader(std::as_bytes(std::span(text)));
            QVERIFY(!header || !header->isWhole);
        }
    }
};

QTEST_GUILESS_MAIN(ImagesTest)
#include "images_test.moc"
