#include "core/data/profile/draft.h"

#include "core/base/error.h"
#include "core/data/profile/guess.h"
#include "core/data/profile/library.h"
#include "core/data/profile/preview.h"
#include "core/data/profile/reader.h"
#include "tests/support/test_data.h"

#include <cmath>

using namespace kino;

/** What the import dialog edits: a guess as columns, back to a profile, and the first rows as that profile reads them. */
class ProfileDraftTest : public QObject {
    Q_OBJECT

    test::TemporaryFolder m_folder;

    static ProfileDraft draftOfGuess(const std::filesystem::path &path, const std::optional<TableLayout> &layout = {})
    {
        const GuessedProfile guess = guessProfile(path, layout);
        const ImportProfile profile = parseProfile(guess.profile);
        const TablePreview preview = previewTable(path, profile.files.front());
        const auto draft = draftOf(profile, preview.names, preview.columns);
        if (!draft)
            throw std::runtime_error("a guess is always plain");
        return *draft;
    }
    static Recording read(const std::filesystem::path &path, const ProfileDraft &draft)
    {
        return readFileByProfile(path, std::make_shared<const ImportProfile>(parseProfile(profileOf(draft))));
    }

private Q_SLOTS:
    void init() { qputenv("KINOSCOPE_PROFILES", (m_folder / "profiles").c_str()); }

    void editsOfAColumnReachTheSamples()
    {
        const auto path = m_folder.write("logger.csv", "ms,a,b,c,who\n0,100,200,1000,walk\n10,100,200,1000,walk\n20,-100,0,500,sit\n30,100,200,1000,sit\n");
        ProfileDraft draft = draftOfGuess(path);
        QCOMPARE(draft.columns.size(), std::size_t{5});
        for (ColumnDraft &column : draft.columns)
            column = {column.name, ColumnUse::ignored, {}, {}, {}, {}, {}, 1, 0};
        QVERIFY(!draftMistakes(draft).empty()); // no sensor
        draft.columns[0].use = ColumnUse::time;
        draft.time.unit = "ms";
        const char *axes[] = {"y", "x", "z"};
        for (std::size_t i = 0; i < 3; ++i)
            draft.columns[1 + i] = {draft.columns[1 + i].name, ColumnUse::sensor, StreamKind::accelerometer, {}, axes[i], "wrist", "mg", i == 0 ? -1.0 : 1.0, 0};
        draft.columns[4].use = ColumnUse::label;
        draft.tier = "deed";
        QCOMPARE(draftMistakes(draft), std::vector<std::string>());
        const Recording recording = read(path, draft);
        QCOMPARE(recording.devices.size(), std::size_t{1});
        QCOMPARE(recording.devices[0].name, std::string("wrist"));
        const ImuStream &stream = recording.devices[0].streams.at(0);
        QCOMPARE(stream.axes, (std::vector<std::string>{"x", "y", "z"}));
        // 1 mg is 9.80665e-3 m/s²; x stands in the second column, y in the first with its sign turned.
        QVERIFY(std::abs(stream.values[0][0] - 200 * 9.80665e-3F) < 1e-5F);
        QVERIFY(std::abs(stream.values[1][0] + 100 * 9.80665e-3F) < 1e-5F);
        QVERIFY(std::abs(stream.values[2][2] - 500 * 9.80665e-3F) < 1e-5F);
        QCOMPARE(stream.timesNs[3], Nanos{30'000'000});
        QCOMPARE(recording.tiers.at(0).name, std::string("deed"));
        QCOMPARE(recording.tiers[0].annotations.size(), std::size_t{2});
    }

    void aDraftComesBackFromItsProfile()
    {
        const auto path = m_folder.write("back.txt", "5000,12,-8192,16384,164,0,-1640;\n5010,13,-8192,16384,328,0,-1640;\n5020,14,-8192,16384,328,0,-1640;\n5030,14,-8192,16384,328,0,-1640;\n");
        ProfileDraft draft = draftOfGuess(path);
        draft.name = "bumpy";
        draft.title = "Bumpy wrist logger";
        draft.device = "wrist";
        draft.time.isUnix = false;
        for (std::size_t i = 1; i < 4; ++i)
            draft.columns[i].scale = i == 1 ? -1.0 / 16384 : 1.0 / 16384;
        const nlohmann::json json = profileOf(draft);
        const auto again = draftOf(parseProfile(json), {}, 7);
        QVERIFY(again.has_value());
        QCOMPARE(profileOf(*again), json);
        QCOMPARE(again->columns[1].scale, -1.0 / 16384);
        QCOMPARE(again->layout.rowEnd, ';');
    }

    void mistakesAreSentences()
    {
        const auto path = m_folder.write("twice.csv", "t,ax,ay,az\n0,0,0,9.8\n0.01,0,0,9.8\n0.02,0,0,9.8\n0.03,0,0,9.8\n");
        ProfileDraft draft = draftOfGuess(path);
        QCOMPARE(draftMistakes(draft), std::vector<std::string>());
        draft.columns[2].axis = "x";
        QCOMPARE(draftMistakes(draft), std::vector<std::string>{"'ax' and 'ay' are both accelerometer x; give one another axis or device."});
        draft.columns[2].axis = "y";
        draft.columns[2].unit = "g";
        QCOMPARE(draftMistakes(draft), std::vector<std::string>{"'ax' and 'ay' are one accelerometer but have two units; give them one."});
        draft.columns[2].unit = draft.columns[1].unit;
        draft.columns[0].use = ColumnUse::ignored;
        draft.time.rateHz = 0;
        QCOMPARE(draftMistakes(draft), std::vector<std::string>{"Without a time column the rate must be above 0 Hz."});
    }

    void aGivenLayoutIsTaken()
    {
        // As ';' with decimal commas it is three columns, as ',' it would be four.
        const auto path = m_folder.write("comma.csv", "x;y;z\n0,1;0,2;9,81\n0,1;0,2;9,81\n0,1;0,2;9,81\n0,1;0,2;9,81\n");
        TableLayout layout;
        layout.separator = ';';
        layout.decimal = ',';
        layout.headerRows = 0;
        layout.skipLines = 1;
        const ProfileDraft draft = draftOfGuess(path, layout);
        QCOMPARE(draft.columns.size(), std::size_t{3});
        QCOMPARE(draft.columns[2].use, ColumnUse::sensor);
        QVERIFY(draft.columns[2].name.empty());
        QCOMPARE(read(path, draft).devices.at(0).streams.at(0).samples(), std::size_t{4});
    }

    void previewReadsAsTheImportDoes()
    {
        const auto path = m_folder.write("preview.csv", "# made by hand\ntime_ms,acc_x_g,acc_y_g,acc_z_g\n100,1,0.5,-1\n110,oops,0.5,-1\n120,,0.5,-1\n130,2,0.5,-1\n");
        ProfileDraft draft = draftOfGuess(path);
        const char *axes[] = {"x", "y", "z"};
        for (std::size_t i = 1; i < 4; ++i)
            draft.columns[i] = {draft.columns[i].name, ColumnUse::sensor, StreamKind::accelerometer, {}, axes[i - 1], {}, "g", 1, 0};
        draft.columns[0].use = ColumnUse::time;
        draft.time.unit = "ms";
        const ImportProfile profile = parseProfile(profileOf(draft));
        const TablePreview preview = previewTable(path, profile.files.front());
        QCOMPARE(preview.rows.size(), std::size_t{6});
        QCOMPARE(preview.rows[0].kind, PreviewRowKind::above);
        QCOMPARE(preview.rows[0].fields, std::vector<std::string>{"# made by hand"});
        QCOMPARE(preview.rows[2].line, std::int64_t{3});
        QCOMPARE(preview.rows[2].values, (std::vector<std::string>{"0.000 s", "9.80665", "4.90333", "-9.80665"}));
        QCOMPARE(preview.rows[3].kind, PreviewRowKind::leftOut);
        QVERIFY2(preview.rows[3].problem.find("oops") != std::string::npos, preview.rows[3].problem.c_str());
        QCOMPARE(preview.rows[4].values[1], std::string("\u2013"));
        QCOMPARE(preview.rows[5].values[0], std::string("0.030 s"));
        // And the import agrees, sample by sample.
        const Recording recording = read(path, draft);
        QCOMPARE(recording.devices[0].streams[0].samples(), std::size_t{3});
        QCOMPARE(recording.devices[0].streams[0].values[0][2], 2 * 9.80665F);
    }

    void shippedProfilesAreHeldOrRefusedWhole()
    {
        int held = 0;
        for (const auto &profile : loadProfiles().profiles) {
            const auto draft = draftOf(*profile, {}, 64);
            if (!draft)
                continue;
            ++held;
            // What is held is held whole: the profile made of it says the same of every axis.
            const ImportProfile again = parseProfile(profileOf(*draft));
            QCOMPARE(again.files[0].streams.size(), profile->files[0].streams.size());
        }
        // HAPT, OpenPack and others have sidecars or several files.
        QVERIFY(held < static_cast<int>(loadProfiles().profiles.size()));
    }

    void anythingGivesASentence()
    {
        const std::string zeros(4096, '\0');
        const std::string noise = [] {
            std::string text(100'000, ' ');
            std::uint32_t state = 7;
            for (char &c : text)
                c = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
            return text;
        }();
        const std::vector<std::filesystem::path> files{m_folder.write("empty.csv", ""), m_folder.write("zeros.csv", zeros), m_folder.write("noise.csv", noise), m_folder.write("blank.csv", "\n \n\t\n")};
        for (const auto &file : files) {
            try {
                guessProfile(file);
                QFAIL("no table was made of nothing");
            } catch (const Error &error) {
                QVERIFY(error.sentence().size() > 10);
            }
            FileSpec spec;
            QVERIFY_THROWS_EXCEPTION(Error, previewTable(file, spec));
        }
        // Text that is no table of numbers is still shown as it is.
        FileSpec spec;
        const TablePreview words = previewTable(m_folder.write("words.csv", "no,numbers\nhere,either\n"), spec);
        QCOMPARE(words.columns, std::size_t{2});
        QCOMPARE(words.rows.size(), std::size_t{2});
    }

    void utf16IsShownAsText()
    {
        std::string bytes("\xFF\xFE", 2);
        for (const char c : std::string("t,ax,ay,az\n0,0,0,9.8\n0.01,0,0,9.8\n0.02,0,0,9.8\n"))
            bytes += {c, '\0'};
        const auto path = m_folder.write("wide.csv", bytes);
        const ProfileDraft draft = draftOfGuess(path);
        const TablePreview preview = previewTable(path, parseProfile(profileOf(draft)).files.front());
        QCOMPARE(preview.encoding, std::string("UTF-16"));
        QCOMPARE(preview.names, (std::vector<std::string>{"t", "ax", "ay", "az"}));
    }

    void patternsForFilesOfAKind()
    {
        ProfileDraft named = draftOfGuess(m_folder.write("walk_01.csv", "t,ax,ay,az\n0,0,0,9.8\n0.01,0,0,9.8\n0.02,0,0,9.8\n"));
        QCOMPARE(suggestedMatch("/x/walk_01.csv", named), std::string("*.csv"));
        named.layout.headerRows = 0;
        QCOMPARE(suggestedMatch("/x/walk_01_s12.csv", named), std::string("walk_*_s*.csv"));
        QCOMPARE(suggestedProfileName("/x/Walk_01 (copy).csv"), std::string("walk-copy"));
        QCOMPARE(suggestedProfileName("/x/2024.csv"), std::string("my-format"));
    }
};

QTEST_APPLESS_MAIN(ProfileDraftTest)
#include "profile_draft_test.moc"
