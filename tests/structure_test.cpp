// The house keeps its direction: core/ knows no Qt, a folder of core/ includes only folders before it, widgets/ knows
// neither project nor job.
#include "tests/support/test_data.h"

#include <QProcess>
#include <fstream>
#include <regex>

namespace {

using kino::test::TemporaryFolder;

const std::filesystem::path kSource(KINOSCOPE_SOURCE_DIR);
const std::filesystem::path kBinary(KINOSCOPE_BINARY_DIR);

/** design.md's order; a folder may include itself and those before it. */
const std::vector<std::string> kOrder = {"base", "signal", "media", "data", "nn", "learn", "insight", "store", "jobs"};

struct Include {
    std::filesystem::path file;
    std::string target;
};

std::vector<Include> includesUnder(const std::filesystem::path &folder)
{
    // No raw string: moc would take its quotes for the ends of other strings.
    static const std::regex kInclude("^\\s*#\\s*include\\s*[<\"]([^>\"]+)[>\"]");
    std::vector<Include> includes;
    for (const auto &entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.path().extension() != ".h" && entry.path().extension() != ".cpp")
            continue;
        std::ifstream stream(entry.path());
        for (std::string line; std::getline(stream, line);) {
            std::smatch match;
            if (std::regex_search(line, match, kInclude))
                includes.push_back({entry.path(), match[1]});
        }
    }
    return includes;
}

} // namespace

class StructureTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void coreIncludesNoQt()
    {
        static const std::regex kQt("^(Q[A-Z]\\w*|Qt\\w+/.*|q[a-z]+\\.h)$");
        const auto includes = includesUnder(kSource / "core");
        QVERIFY(includes.size() > 100);
        for (const Include &include : includes)
            QVERIFY2(!std::regex_match(include.target, kQt), (include.file.string() + " includes " + include.target).c_str());
    }

    void coreFoldersIncludeOnlyFoldersBeforeThem()
    {
        for (std::size_t own = 0; own < kOrder.size(); ++own) {
            const auto folder = kSource / "core" / kOrder[own];
            if (!std::filesystem::exists(folder))
                continue;
            for (const Include &include : includesUnder(folder)) {
                const std::filesystem::path target(include.target);
                if (target.begin() == target.end() || *target.begin() != "core") {
                    QVERIFY2(*target.begin() != "app" && *target.begin() != "widgets",
                             (include.file.string() + " includes " + include.target).c_str());
                    continue;
                }
                const auto position = std::ranges::find(kOrder, std::next(target.begin())->string()) - kOrder.begin();
                QVERIFY2(position <= static_cast<std::ptrdiff_t>(own),
                         (include.file.string() + " includes " + include.target).c_str());
            }
        }
    }

    void widgetsKnowNoProjectAndNoJob()
    {
        for (const Include &include : includesUnder(kSource / "widgets")) {
            QVERIFY2(!include.target.starts_with("core/store/") && !include.target.starts_with("core/jobs/")
                         && !include.target.starts_with("app/"),
                     (include.file.string() + " includes " + include.target).c_str());
        }
    }

    void augmentationsNeedNoTorch()
    {
        const auto includes = includesUnder(kSource / "core" / "learn" / "augment");
        QVERIFY(includes.size() > 20);
        for (const Include &include : includes) {
            const bool isOurs = include.target.starts_with("core/base/") || include.target.starts_with("core/learn/augment/");
            QVERIFY2(isOurs || (!include.target.starts_with("core/") && !include.target.starts_with("torch") && !include.target.starts_with("ATen")
                                && !include.target.starts_with("c10")),
                     (include.file.string() + " includes " + include.target).c_str());
        }
    }

    void noObjectOfCoreRefersToQt()
    {
        int archives = 0;
        for (const std::string &folder : kOrder) {
            const auto archive = kBinary / "core" / folder / ("libkino_" + folder + ".a");
            if (!std::filesystem::exists(archive))
                continue;
            ++archives;
            QProcess nm;
            nm.start("nm", {"--undefined-only", "--demangle", QString::fromStdString(archive.string())});
            QVERIFY(nm.waitForFinished());
            QCOMPARE(nm.exitCode(), 0);
            static const QRegularExpression kQtSymbol(QStringLiteral(" U (Q[A-Z]\\w*::|qt_|operator<<\\(QDebug)"));
            QVERIFY2(!kQtSymbol.match(QString::fromUtf8(nm.readAllStandardOutput())).hasMatch(), archive.c_str());
        }
        QVERIFY(archives >= 5);
    }

    // Specifications are validated there: what is known of encoders, objectives and augmentations by name needs no LibTorch.
    void theCommandLineLoadsNeitherQtNorLibTorch()
    {
        QProcess ldd;
        ldd.start("ldd", {QString::fromStdString((kBinary / "bin" / "kino").string())});
        QVERIFY(ldd.waitForFinished());
        QCOMPARE(ldd.exitCode(), 0);
        const QByteArray libraries = ldd.readAllStandardOutput();
        QVERIFY(libraries.contains("libc.so"));
        QVERIFY(!libraries.contains("Qt6"));
        QVERIFY(!libraries.contains("libtorch") && !libraries.contains("libc10"));
    }
};

QTEST_GUILESS_MAIN(StructureTest)
#include "structure_test.moc"
