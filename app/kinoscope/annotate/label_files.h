// Labels from files and into files: CSV and ELAN's .eaf. Files are read and written by workers. GUI thread.
#pragma once

#include "app/kinoscope/task_runner.h"
#include "core/data/annotations/tier_import.h"

#include <filesystem>
#include <vector>

namespace kino {

class Annotator;
class Commands;
class Session;
struct Recording;

class LabelFiles : public QObject {
    Q_OBJECT

public:
    /** Dialogs that commands open have `window` as their parent. */
    LabelFiles(Session &session, Annotator &annotator, Commands &commands, TaskRunner &runner, QWidget &window);

    /** What a person is asked where tiers of the file are there already; `replaced` by tests. */
    using Ask = std::function<std::optional<ImportedTier>(const QStringList &known)>;
    void setAsk(Ask ask) { m_ask = std::move(ask); }
    void importFrom(const std::filesystem::path &file);
    /** All tiers, or those of this name. */
    void exportTo(const std::filesystem::path &file, const std::optional<QString> &tier = {});
    /** As exportTo(), to a file that the person names. */
    void askAndExport(const std::optional<QString> &tier = {});
    bool isBusy() const { return m_reading.isBusy() || m_writing.isBusy(); }

Q_SIGNALS:
    /** What came of it, in one sentence or a few. */
    void told(const QString &sentence, bool isWarning);
    void failed(const QString &sentence, const QString &details);

private:
    struct Read;
    struct Import;
    struct Made;
    /** Reads the file where that is still to do, and makes the edit of it. */
    void prepare(Import import);
    void take(Import import, const Made &made);
    void tell(const Import &import, const Made &made);
    std::optional<ImportedTier> askPerson(const QStringList &known);

    Session &m_session;
    Annotator &m_annotator;
    TaskRunner &m_runner;
    QWidget &m_window;
    TaskLine m_reading;
    TaskLine m_writing;
    Ask m_ask;
};

} // namespace kino
