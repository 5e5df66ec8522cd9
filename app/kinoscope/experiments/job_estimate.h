// What a specification would cost, asked of `kino estimate` in a process of its own: the window neither trains nor waits. GUI thread.
#pragma once

#include <QObject>
#include <QProcess>
#include <QStringList>
#include <QTemporaryFile>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

namespace kino {

/** "17 min (15 min to 22 min)", steps, memory, disk: what `kino estimate --json` gave, in two or three lines. */
QString estimateText(const nlohmann::json &estimate);
/** Its other figures and its notes, for whom they concern. */
QString estimateDetails(const nlohmann::json &estimate);

class JobEstimate : public QObject {
    Q_OBJECT

public:
    explicit JobEstimate(QObject *parent = nullptr);
    /** Ends the process without waiting for it. */
    ~JobEstimate() override;

    /** `program` is `kino`; relative paths count from `folder`. What was asked before is dropped. */
    void start(const QString &program, const nlohmann::json &specification, const std::filesystem::path &folder, const std::filesystem::path &project);
    void cancel();
    bool isRunning() const { return m_process; }

Q_SIGNALS:
    /** 0 to 1, and what is done. */
    void progressed(double fraction, const QString &what);
    void finished(const nlohmann::json &estimate);
    /** The command's sentence. */
    void failed(const QString &sentence);

private:
    void readMessages();
    void end(int exitCode, QProcess::ExitStatus status);
    void letGo();

    QProcess *m_process = nullptr;
    std::unique_ptr<QTemporaryFile> m_file;
    QStringList m_messages;
};

} // namespace kino
